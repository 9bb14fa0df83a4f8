import {
  type Access,
  type AccountAddress,
  accessesSchema,
  type Felt,
  journalSchema,
  type OrganisationId,
  pageQuerySchema,
} from '@medsync/protocol'
import { requirePatient, requireStaff, signedIn, staff } from '../auth/guards.ts'
import type { KnownEntry } from '../chain/logsState.ts'
import type { Gateway } from '../composition.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readSequence, writeSequence } from '../http/sequenceCursor.ts'
import type { Routes } from '../server.ts'
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
        items: shown.map(({ id, digest, details, state, writtenAtS, transaction }) => ({
          id,
          digest,
          details,
          state,
          writtenAtS,
          transaction,
        })),
        next: writeSequence(rows.length > limit ? shown.at(-1)?.id : null),
      }
    },
  )
}

async function accessesOf(gateway: Gateway, patient: AccountAddress, entries: readonly KnownEntry[]): Promise<Access[]> {
  const behind = new Map<string, JournalEntry>()
  for (const [hospital, group] of Map.groupBy(entries, (entry) => entry.hospital)) {
    const slug = gateway.tenants.find(hospital)?.slug
    if (slug === undefined) continue
    const rows = await gateway.journal.byDigest(
      slug,
      group.map(({ digest }) => digest),
    )
    // A row is shown to the patient it is about, and to nobody else.
    for (const row of rows.values()) if (row.details.patient === patient) behind.set(keyOf(hospital, row.digest), row)
  }
  return entries.map((entry) => accessOf(gateway, patient, entry, behind.get(keyOf(entry.hospital, entry.digest))))
}

function accessOf({ chain }: Gateway, patient: AccountAddress, entry: KnownEntry, row: JournalEntry | undefined): Access {
  const { index, hospital, kind, digest, loggedAtS, transaction } = entry
  const reward = chain.state.logs.rewardFor(hospital, patient, digest)
  return {
    index,
    hospital,
    kind,
    digest,
    loggedAtS,
    transaction,
    details: row?.details ?? null,
    salt: row?.salt ?? null,
    reward: reward === undefined ? null : String(reward.amount),
    token: reward?.token ?? null,
  }
}

function keyOf(hospital: OrganisationId, digest: Felt): string {
  return `${hospital}|${digest}`
}
