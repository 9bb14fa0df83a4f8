import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type AccountAddress, type RecordId, type RestoreReason, recordIdSchema } from '@medsync/protocol'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { IdentityDiffersError, NotFoundError, RecordError } from '../gatewayErrors.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import type { BundleContents } from './bundleContents.ts'
import { indexRecords } from './indexRecords.ts'
import { identityOn } from './patientIdentity.ts'
import type { RecordKeys } from './recordKeys.ts'
import { dayOf, identityOfPart, type Match, putIdentifiers, recordOfIdentity, refuseTaken, type Uploaded } from './recordOfIdentity.ts'
import { addVersion, type Head, lockHead, openVersion, readVersion, takeTurn } from './recordVersions.ts'
import { summarySchema } from './summaryPart.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
/** How long staff may take to compare two patients. */
const CONFIRMATION_S = 3_600

/** What saving needs. */
export type Saving = { readonly database: Database; readonly recordKeys: RecordKeys; readonly clock: Clock }

/** What became of an upload. */
export type Saved = {
  readonly record: RecordId
  readonly created: boolean
  readonly version: number
  /** The record has exactly this content already; nothing was stored. */
  readonly isUnchanged: boolean
  /** Whether a later upload can be found to be of the same patient. */
  readonly isIdentified: boolean
  readonly removedVersions: number
}

/**
 * Stores what was read, encrypted, all of it or nothing, as a new version of the patient's record; the id and the link to an account stay.
 * @param by - Account of the staff who uploaded it.
 * @param confirmation - What the answer `record/identity-differs` to the same content gave, after staff compared both patients.
 * @throws {IdentityDiffersError} `record/identity-differs`
 * @throws {RecordError} `record/several-matches`, `record/confirmation-outdated`, `record/damaged`
 */
export async function saveRecord(
  saving: Saving,
  tenant: string,
  contents: BundleContents,
  by: AccountAddress,
  confirmation?: string,
): Promise<Saved> {
  const { database, recordKeys, clock } = saving
  await indexRecords(saving, tenant)
  const identity = identityOn(contents.patientIdentity, dayOf(clock.nowS()))
  const parts = [...contents.parts, { part: 'summary' as const, packed: await compress(JSON.stringify(contents.summary)) }]
  const uploaded: Uploaded = { identity, contentDigest: recordKeys.contentDigest(tenant, parts) }
  const isIdentified = identity.identifiers.length > 0
  return database.inTenant(tenant, async (tx) => {
    await takeTurn(tx)
    const match = await recordOfIdentity(tx, saving, tenant, uploaded)
    const head = match === undefined ? await newHead(tx, clock.nowS()) : await lockHead(tx, match.record)
    const created = match === undefined
    if (match !== undefined && (await isCurrentContent(tx, saving, tenant, head, uploaded.contentDigest))) {
      return { record: head.record, created, version: head.version, isUnchanged: true, isIdentified, removedVersions: 0 }
    }
    checkConfirmation(saving, tenant, { match, head, by, contentDigest: uploaded.contentDigest, confirmation })
    const added = await addVersion(tx, saving, tenant, head, {
      by,
      parts,
      summary: contents.summary,
      how: 'upload',
      fromVersion: null,
      reason: null,
      confirmed: [...(match?.differs ?? [])],
      contentDigest: uploaded.contentDigest,
    })
    await putIdentifiers(tx, saving, tenant, { record: head.record, isWhole: false, ...uploaded })
    return { record: head.record, created, isUnchanged: false, isIdentified, ...added }
  })
}

/** What staff ask for when they go back to an earlier version. */
export type Restoring = {
  readonly record: RecordId
  readonly version: number
  /** The version that they saw as the current one. */
  readonly currentVersion: number
  readonly reason: RestoreReason
  readonly by: AccountAddress
}

/**
 * Makes a new version with the content of an earlier one; the record is found by the identifiers of that version again.
 * @throws {NotFoundError} `record/other-hospital`, `record/no-such-version`
 * @throws {RecordError} `record/version-changed`, `record/version-is-current`, `record/version-removed`, `record/several-matches`, `record/damaged`
 */
export async function restoreVersion(
  saving: Saving,
  tenant: string,
  { record, version, currentVersion, reason, by }: Restoring,
): Promise<{ record: RecordId; version: number; removedVersions: number }> {
  await indexRecords(saving, tenant)
  return saving.database.inTenant(tenant, async (tx) => {
    await takeTurn(tx)
    const head = await lockHead(tx, record)
    if (head.version !== currentVersion) throw new RecordError('record/version-changed', record)
    if (head.version === version) throw new RecordError('record/version-is-current', record)
    const { entry, wrappedKey } = await readVersion(tx, saving, tenant, record, version)
    if (wrappedKey === null) throw new RecordError('record/version-removed', `${record} ${version}`)
    const key = saving.recordKeys.unwrapVersion(tenant, { record, version, isUnversioned: entry.isUnversioned }, wrappedKey)
    const parts = await openVersion(tx, saving, tenant, key)
    const summary = parts.find(({ part }) => part === 'summary')
    const demographics = parts.find(({ part }) => part === 'demographics')
    if (summary === undefined || demographics === undefined) throw new RecordError('record/damaged', record)
    const identity = await identityOfPart(demographics.packed)
    if (identity === undefined) throw new RecordError('record/damaged', record)
    const contentDigest = entry.contentDigest ?? saving.recordKeys.contentDigest(tenant, parts)
    const restored: Uploaded = { identity: identityOn(identity, dayOf(saving.clock.nowS())), contentDigest }
    await refuseTaken(tx, saving, tenant, record, restored.identity)
    const added = await addVersion(tx, saving, tenant, head, {
      by,
      parts,
      summary: summarySchema.parse(JSON.parse((await decompress(summary.packed)).toString('utf8'))),
      how: 'restore',
      fromVersion: version,
      reason,
      confirmed: [],
      contentDigest,
    })
    await putIdentifiers(tx, saving, tenant, { record, isWhole: true, ...restored })
    return { record, ...added }
  })
}

/** A record without a version yet. */
async function newHead(tx: Transaction, nowS: number): Promise<Head> {
  const record = recordIdSchema.parse(randomUUID())
  await tx.run(
    `INSERT INTO records (record, wrapped_key, created_at_s, uploaded_at_s, uploaded_by, is_indexed) VALUES ($1, '', $2, $2, '', true)`,
    [record, nowS],
  )
  return { record, version: 0, wrappedKey: new Uint8Array(), changedAtS: nowS }
}

async function isCurrentContent(tx: Transaction, saving: Saving, tenant: string, head: Head, contentDigest: string): Promise<boolean> {
  try {
    const { entry } = await readVersion(tx, saving, tenant, head.record, head.version)
    return entry.contentDigest === contentDigest
  } catch (failure) {
    // An entry that was lost or changed from outside says nothing; the upload is stored.
    if (failure instanceof RecordError || failure instanceof NotFoundError) return false
    throw failure
  }
}

/** Lets pass what belongs to the record without doubt, or what staff confirmed: this content, for this version, with these differences. */
function checkConfirmation(
  { recordKeys, clock }: Saving,
  tenant: string,
  {
    match,
    head: { record, version },
    by,
    contentDigest,
    confirmation,
  }: {
    readonly match: Match
    readonly head: Head
    readonly by: AccountAddress
    readonly contentDigest: string
    readonly confirmation: string | undefined
  },
): void {
  const differs = match?.differs ?? []
  const of = { by, contentDigest, record, version, differs }
  if (confirmation !== undefined) {
    const expiresAtS = Number(confirmation.split('.')[0])
    const expected = recordKeys.confirmation(tenant, { ...of, expiresAtS })
    const isGiven = isSameMac(Buffer.from(confirmation), Buffer.from(expected))
    if (match === undefined || !isGiven || clock.nowS() >= expiresAtS) throw new RecordError('record/confirmation-outdated')
    return
  }
  if (differs.length === 0) return
  const expiresAtS = clock.nowS() + CONFIRMATION_S
  throw new IdentityDiffersError({
    record,
    version,
    differs: [...differs],
    confirmation: recordKeys.confirmation(tenant, { ...of, expiresAtS }),
    expiresAtS,
  })
}
