import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type IdentityField, type RecordId, type ResourceLike, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Transaction } from '../database/database.ts'
import { RecordError } from '../gatewayErrors.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import { contradict, differencesOf } from './compareIdentities.ts'
import { LAST_PERSONAL_RANK } from './identifierRules.ts'
import { identityOn, type PatientIdentity, patientIdentity } from './patientIdentity.ts'
import type { IdentifierHashes, RecordKeys } from './recordKeys.ts'
import type { Saving } from './saveRecord.ts'

const decompress = promisify(gunzip)
const bytes = z.instanceof(Uint8Array)
const identifierRow = z.object({ identifier_hash: bytes, system_hash: bytes, record: recordIdSchema, mac: bytes })
const recordRow = z.object({ record: recordIdSchema })
const patientRow = z.object({ version: z.number(), wrapped_key: bytes, sealed: bytes.nullable() })
const lineSchema = z.object({ resource: z.looseObject({ resourceType: z.string() }) })
/** More records than this with one shared number tell nothing. */
const MOST_CANDIDATES = 20
/** So many records an error names. */
const MOST_NAMED = 5
/** What is not known of a patient cannot be compared. */
const NOTHING_ALIKE: readonly IdentityField[] = ['name', 'birthDate']

/** The record that an upload belongs to; undefined makes a new one. */
export type Match = { readonly record: RecordId; readonly differs: readonly IdentityField[] } | undefined

/** An identity as an upload brought it, with the digest of all that it brought. */
export type Uploaded = { readonly identity: PatientIdentity; readonly contentDigest: string }

/**
 * Finds the record of a patient at one hospital. An identifier that one person alone has leads to its record, whatever else is there; what then differs is for
 * staff to confirm. A number that several people can share leads to a record only when name and birth date agree, or when there is nothing better.
 * Without any identifier of system and value only the very same content leads to its record.
 * @throws {RecordError} `record/several-matches`: the identifiers lead to several records. `record/damaged`: a row was written by hand.
 */
export async function recordOfIdentity(
  tx: Transaction,
  saving: Saving,
  tenant: string,
  { identity, contentDigest }: Uploaded,
): Promise<Match> {
  const { recordKeys } = saving
  const compare = async (record: RecordId, rank: number): Promise<Match & object> => ({
    record,
    differs: await compareWith(tx, saving, tenant, record, { identity, rank }),
  })
  const ranks = new Map(identity.identifiers.map((one) => [keyOf(recordKeys.identifierHashes(tenant, one).identifierHash), one.rank]))
  const rows = await findRows(tx, recordKeys, tenant, hashesOf(recordKeys, tenant, { identity, contentDigest }))
  const bestRanks = new Map<RecordId, number>()
  for (const { record, identifier_hash } of rows) {
    const rank = ranks.get(keyOf(identifier_hash)) ?? 1
    bestRanks.set(record, Math.min(rank, bestRanks.get(record) ?? rank))
  }
  for (const record of await formerRecords(tx, recordKeys, tenant, identity.formerly.withSystem)) {
    if (!bestRanks.has(record)) bestRanks.set(record, 1)
  }
  const personal = [...bestRanks].filter(([, rank]) => rank <= LAST_PERSONAL_RANK)
  const [only, another] = personal
  if (another !== undefined) throw new RecordError('record/several-matches', idsOf(personal.map(([record]) => record)))
  if (only !== undefined) return compare(...only)
  return (await ofSharedNumber([...bestRanks], compare, identity)) ?? (await ofFormerRule(tx, recordKeys, tenant, identity, compare))
}

/**
 * Whether an identifier of this identity belongs to another record, as something that one person alone has.
 * @throws {RecordError} `record/several-matches`
 */
export async function refuseTaken(
  tx: Transaction,
  { recordKeys }: Saving,
  tenant: string,
  record: RecordId,
  identity: PatientIdentity,
): Promise<void> {
  const personal = { ...identity, identifiers: identity.identifiers.filter(({ rank }) => rank <= LAST_PERSONAL_RANK) }
  if (personal.identifiers.length === 0) return
  const rows = await findRows(tx, recordKeys, tenant, hashesOf(recordKeys, tenant, { identity: personal, contentDigest: '' }))
  const other = rows.find((row) => row.record !== record)
  if (other !== undefined) throw new RecordError('record/several-matches', `${record}, ${other.record}`)
}

/**
 * Writes by which identifiers a record is found. Those of systems that the identity does not mention stay, unless `isWhole`.
 * @param isWhole - The record is found by these alone from now on.
 */
export async function putIdentifiers(
  tx: Transaction,
  { recordKeys }: Pick<Saving, 'recordKeys'>,
  tenant: string,
  of: { readonly record: RecordId; readonly isWhole: boolean } & Uploaded,
): Promise<void> {
  const { record, isWhole } = of
  const hashes = hashesOf(recordKeys, tenant, of)
  if (isWhole) await tx.run('DELETE FROM record_identifiers WHERE record = $1', [record])
  for (const { systemHash } of hashes)
    await tx.run('DELETE FROM record_identifiers WHERE record = $1 AND system_hash = $2', [record, systemHash])
  for (const hash of hashes) {
    await tx.run(
      'INSERT INTO record_identifiers (identifier_hash, record, system_hash, mac) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [hash.identifierHash, record, hash.systemHash, recordKeys.identifierMac(tenant, record, hash)],
    )
  }
}

/** Who the patient of a stored part is; undefined when the part does not hold a Patient. */
export async function identityOfPart(packed: Uint8Array): Promise<PatientIdentity | undefined> {
  const patient = await patientOfPart(packed)
  return patient === undefined ? undefined : patientIdentity(patient)
}

async function patientOfPart(packed: Uint8Array): Promise<ResourceLike | undefined> {
  for (const line of (await decompress(packed)).toString('utf8').split('\n')) {
    const { resource } = lineSchema.parse(JSON.parse(line))
    if (resource.resourceType === 'Patient') return resource
  }
  return undefined
}

/** What differs from the patient of a record, by what is stored of them now. */
async function compareWith(
  tx: Transaction,
  { recordKeys, clock }: Saving,
  tenant: string,
  record: RecordId,
  uploaded: { readonly identity: PatientIdentity; readonly rank: number },
): Promise<readonly IdentityField[]> {
  const row = await tx.first(
    patientRow,
    `SELECT r.version, r.wrapped_key, p.sealed FROM records r
       LEFT JOIN record_parts p ON p.record = r.record AND p.version = r.version AND p.part = 'demographics' WHERE r.record = $1`,
    [record],
  )
  if (row === undefined || row.sealed === null) return NOTHING_ALIKE
  try {
    const key = recordKeys.unwrapCurrent(tenant, record, row.version, row.wrapped_key)
    const stored = await identityOfPart(recordKeys.openPart(tenant, key, 'demographics', row.sealed))
    if (stored === undefined) return NOTHING_ALIKE
    const current = identityOn(stored, dayOf(clock.nowS()))
    const differs = differencesOf(current, uploaded.identity)
    return contradict(current, uploaded.identity, uploaded.rank) ? [...differs, 'identifier'] : differs
  } catch (failure) {
    // Staff may replace a record that cannot be opened, but nobody does so unasked.
    if (failure instanceof RecordError) return NOTHING_ALIKE
    throw failure
  }
}

async function ofSharedNumber(
  candidates: readonly [RecordId, number][],
  compare: (record: RecordId, rank: number) => Promise<Match & object>,
  { identifiers }: PatientIdentity,
): Promise<Match> {
  const compared: (Match & object)[] = []
  for (const [record, rank] of candidates.slice(0, MOST_CANDIDATES)) compared.push(await compare(record, rank))
  const [same, another] = compared.filter(({ differs }) => differs.length === 0)
  const hasBetter = identifiers.some(({ rank }) => rank <= LAST_PERSONAL_RANK)
  if (same !== undefined && another === undefined) return same
  if (hasBetter || compared.length === 0) return undefined
  if (compared.length === 1) return compared[0]
  throw new RecordError('record/several-matches', idsOf(compared.map(({ record }) => record)))
}

/**
 * A record from before identifiers had to have a system: of the same number, name and birth date. Whether it is the same person is for staff to say; taking it for
 * new would double it without a word.
 */
async function ofFormerRule(
  tx: Transaction,
  recordKeys: RecordKeys,
  tenant: string,
  { formerly }: PatientIdentity,
  compare: (record: RecordId, rank: number) => Promise<Match & object>,
): Promise<Match> {
  for (const record of await formerRecords(tx, recordKeys, tenant, formerly.withoutSystem)) {
    const { differs } = await compare(record, 1)
    if (differs.length === 0) return { record, differs: ['identifier'] }
  }
  return undefined
}

async function formerRecords(tx: Transaction, recordKeys: RecordKeys, tenant: string, identifiers: readonly string[]): Promise<RecordId[]> {
  const found = new Set<RecordId>()
  for (const identifier of identifiers) {
    const hash = recordKeys.formerPatientHash(tenant, identifier)
    const row = await tx.first(recordRow, 'SELECT record FROM records WHERE patient_hash = $1', [hash])
    if (row !== undefined) found.add(row.record)
  }
  return [...found]
}

function hashesOf(recordKeys: RecordKeys, tenant: string, { identity: { identifiers }, contentDigest }: Uploaded): IdentifierHashes[] {
  // No identifier has an empty system, so this one never meets another.
  const all = identifiers.length > 0 ? identifiers : [{ system: '', value: contentDigest }]
  return all.map((identifier) => recordKeys.identifierHashes(tenant, identifier))
}

async function findRows(
  tx: Transaction,
  recordKeys: RecordKeys,
  tenant: string,
  hashes: readonly IdentifierHashes[],
): Promise<z.output<typeof identifierRow>[]> {
  const found: z.output<typeof identifierRow>[] = []
  for (const { identifierHash } of hashes) {
    const sql =
      'SELECT identifier_hash, system_hash, record, mac FROM record_identifiers WHERE identifier_hash = $1 ORDER BY record LIMIT $2'
    found.push(...(await tx.rows(identifierRow, sql, [identifierHash, MOST_CANDIDATES])))
  }
  for (const { record, identifier_hash: identifierHash, system_hash: systemHash, mac } of found) {
    if (!isSameMac(mac, recordKeys.identifierMac(tenant, record, { identifierHash, systemHash })))
      throw new RecordError('record/damaged', record)
  }
  return found
}

const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')

/** Some of the records, for an error. */
const idsOf = (records: readonly RecordId[]): string => records.slice(0, MOST_NAMED).join(', ')

/** `YYYY-MM-DD`, UTC. */
export function dayOf(timeS: number): string {
  return new Date(timeS * 1_000).toISOString().slice(0, 10)
}
