import {
  type Access,
  type AccountAddress,
  accessesSchema,
  type DisputeView,
  type Felt,
  type JournalRow,
  journalSchema,
  type OrganisationId,
  pageQuerySchema,
} from '@medsync/protocol'
import { requirePatient, requireStaff, signedIn, staff } from '../auth/guards.ts'
import type { KnownDispute, KnownEntry } from '../chain/logsState.ts'
import type { Gateway } from '../composition.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readSequence, writeSequence } from '../http/sequenceCursor.ts'
import type { Routes } from '../server.ts'
import { disputesOf } from './disputesOf.ts'
import type { FiledDispute } from './filedDisputes.ts'
import type { JournalEntry } from './journal.ts'

/** GET /patient/accesses: the own log, with what stands behind each digest. GET /hospital/journal: what was decided and released. */
export const accessRoutes: Routes = async (app, { gateway }) => {
  app.get(
    '/patient/accesses',
    {
      onRequest: requirePatient(gateway),
      schema: { tags: ['patient'], querystring: pageQuerySchema, response: { 200: accessesSchema, ...failures(...GUARDED) } },
    },
    async (request) => {
      const { account } = signedIn(request)
      const { limit, after } = request.query
      const entries = gateway.chain.state.logs.entries(account, readSequence(after) ?? 0, limit + 1)
      const shown = entries.slice(0, limit)
      return {
        items: await accessesOf(gateway, account, shown),
        next: writeSequence(entries.length > limit ? shown.at(-1)?.index : null),
      }
    },
  )

  app.get(
    '/hospital/journal',
    {
      onRequest: requireStaff(gateway, 'hospital'),
      schema: { tags: ['hospital'], querystring: pageQuerySchema, response: { 200: journalSchema, ...failures(...GUARDED) } },
    },
    async (request) => {
      const { limit, after } = request.query
      const rows = await gateway.journal.list(staff(request).tenant.slug, { after: readSequence(after), limit: limit + 1 })
      const shown = rows.slice(0, limit)
      return {
        items: shown.map((row) => journalRowOf(gateway, row)),
        next: writeSequence(rows.length > limit ? shown.at(-1)?.id : null),
      }
    },
  )
}

/** What hospitals served here know of a patient's entries. */
type Behind = { readonly rows: ReadonlyMap<string, JournalEntry>; readonly statements: ReadonlyMap<string, FiledDispute> }

async function accessesOf(gateway: Gateway, patient: AccountAddress, entries: readonly KnownEntry[]): Promise<Access[]> {
  const disputed = disputesOf(gateway.chain, patient, entries)
  const rows = new Map<string, JournalEntry>()
  const statements = new Map<string, FiledDispute>()
  for (const [hospital, group] of Map.groupBy(entries, (entry) => entry.hospital)) {
    const slug = gateway.tenants.find(hospital)?.slug
    if (slug === undefined) continue
    const digests = group.map(({ digest }) => digest)
    const hashes = group.flatMap(({ index }) => disputed.get(index)?.statement ?? [])
    const [found, filed] = await Promise.all([gateway.journal.byDigest(slug, digests), gateway.filedDisputes.find(slug, hashes)])
    // A row is shown to the patient it is about, and to nobody else; so are a patient's own words.
    for (const row of found.values()) if (row.details.patient === patient) rows.set(keyOf(hospital, row.digest), row)
    for (const [hash, dispute] of filed) if (dispute.patient === patient) statements.set(keyOf(hospital, hash), dispute)
  }
  return entries.map((entry) => accessOf(gateway, patient, entry, disputed.get(entry.index), { rows, statements }))
}

function accessOf(
  { chain }: Gateway,
  patient: AccountAddress,
  { transaction, ...link }: KnownEntry,
  dispute: KnownDispute | undefined,
  { rows, statements }: Behind,
): Access {
  const { hospital, digest } = link
  const row = rows.get(keyOf(hospital, digest))
  const reward = chain.state.logs.rewardFor(hospital, patient, digest)
  return {
    ...link,
    transaction,
    details: row?.details ?? null,
    salt: row?.salt ?? null,
    reward: reward === undefined ? null : String(reward.amount),
    token: reward?.token ?? null,
    dispute: dispute === undefined ? null : disputeOf(dispute, statements),
  }
}

function disputeOf({ state, hospital, statement, transaction }: KnownDispute, statements: Behind['statements']): DisputeView {
  return { state, statement, text: statements.get(keyOf(hospital, statement))?.text ?? null, transaction }
}

function journalRowOf({ chain }: Gateway, { id, digest, details, state, writtenAtS, transaction }: JournalEntry): JournalRow {
  const entry = chain.state.logs.entry(details.hospital, details.patient, digest)
  const dispute = entry === undefined ? undefined : disputesOf(chain, details.patient, [entry]).get(entry.index)
  return { id, digest, details, state, writtenAtS, transaction, dispute: dispute?.state ?? null }
}

function keyOf(hospital: OrganisationId, digest: Felt): string {
  return `${hospital}|${digest}`
}
