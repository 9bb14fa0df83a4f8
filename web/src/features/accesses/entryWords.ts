import { type Access, ENTRY_KINDS, type EntryKind } from '@medsync/protocol'
import { purposeOfIndex, purposeWords } from '../consents/purposeWords.ts'

/** What an entry says happened; undefined for a kind that only a newer version knows. */
export function kindOf({ kind }: Pick<Access, 'kind'>): EntryKind | undefined {
  return (Object.keys(ENTRY_KINDS) as EntryKind[]).find((name) => ENTRY_KINDS[name] === kind)
}

/** The reason that a hospital gave on the chain for an emergency, with its code. */
export function emergencyReason({ reference }: Pick<Access, 'reference'>): string {
  const purpose = purposeOfIndex(reference)
  return purpose === undefined ? `Reason number ${reference}` : `${purposeWords(purpose.code)} (${purpose.code})`
}
