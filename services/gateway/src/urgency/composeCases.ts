import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Circle } from '../context/circle.ts'
import type { Database } from '../database/database.ts'
import type { EventHub } from '../events/eventHub.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import type { BundleReader } from '../records/bundleReader.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { CaseBooks } from './caseBooks.ts'
import { CaseEntries } from './caseEntries.ts'
import type { CaseModel } from './caseModel.ts'
import { CaseRows } from './caseRows.ts'
import { CaseScoring } from './caseScoring.ts'
import { Cases } from './cases.ts'
import { CaseVault } from './caseVault.ts'

/** What the urgency of cases is made from. */
export type CasesParts = {
  readonly circle: Circle
  readonly keys: KeyRing
  readonly database: Database
  readonly tenants: Tenants
  readonly records: SealedRecords
  readonly reader: BundleReader
  readonly events: EventHub
  readonly clock: Clock
  readonly log: Logger
  readonly model: CaseModel | undefined
}

/** Makes the room; nothing runs before `scoring.start`. */
export function composeCases(parts: CasesParts): { readonly cases: Cases; readonly scoring: CaseScoring } {
  const vault = new CaseVault(parts)
  const rows = new CaseRows(parts)
  const entries = new CaseEntries(vault)
  const books = new CaseBooks({ ...parts, vault, rows })
  const scoring = new CaseScoring({ ...parts, vault, entries, books })
  return { cases: new Cases({ ...parts, books, rows, entries, scoring }), scoring }
}
