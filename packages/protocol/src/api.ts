import * as z from 'zod'
import { CATEGORY_KEYS, SENSITIVITY_KEYS } from './categories.ts'
import { statementTextSchema } from './disputes.ts'
import { entryDetailsSchema } from './entries.ts'
import { accountSchema, commitmentSchema, feltSchema, organisationIdSchema, recordIdSchema, requestIdSchema, studyIdSchema } from './ids.ts'
import { requestDetailsSchema } from './requests.ts'
import { roundIdSchema } from './roundsApi.ts'
import { signatureSchema } from './signatures.ts'
import { studyDetailsSchema } from './studies.ts'
import { consentTermsSchema } from './terms.ts'
import { caseIdSchema } from './urgencyApi.ts'

/*
 * Every body and answer of the gateway's HTTP interface, prefix /api. Times end in S (seconds), money is a decimal string in the token's
 * smallest unit. Lists answer { items, next }: pass `next` as ?after= for the following page.
 */

const seconds = z.number().int().min(0)
const amount = z.string().regex(/^\d{1,39}$/)
const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
export const pageQuerySchema = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const roleSchema = z.enum(['patient', 'hospital', 'research'])
export type Role = z.output<typeof roleSchema>

/** What can differ between an uploaded Patient and the patient of the record that its identifiers lead to. */
export const identityFieldSchema = z.enum(['name', 'birthDate', 'identifier'])
export type IdentityField = z.output<typeof identityFieldSchema>

/**
 * Part of the answer `record/identity-differs`: which record the upload would change, and what differs by name of the field. The same
 * Bundle is stored when it is sent again with `confirmation` in the header `X-Confirm-Identity`.
 */
export const identityDifferenceSchema = z.object({
  record: recordIdSchema,
  /** Version that the record has now; the confirmation ends when it gets another one. */
  version: z.number().int(),
  differs: z.array(identityFieldSchema),
  confirmation: z.string().max(200),
  expiresAtS: z.number().int(),
})
export type IdentityDifference = z.output<typeof identityDifferenceSchema>

/** Answer of every failure. `code` has its words in `errorWords`; `id` finds the request in the logs. */
export const errorAnswerSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  id: z.string(),
  identity: identityDifferenceSchema.optional(),
})

/** GET /network: what a browser needs to talk to the chain. */
export const networkSchema = z.object({
  kind: z.enum(['local', 'sepolia', 'mainnet']),
  chainId: feltSchema,
  rpcUrl: z.string(),
  /** Put a hash for `{hash}`; null when the network has no explorer: the portal then shows the receipt itself. */
  transactionUrl: z.string().nullable(),
  contracts: z.object({ participants: feltSchema, consentRegistry: feltSchema, accessLog: feltSchema, rewardPool: feltSchema }),
  tokens: z.array(z.object({ address: feltSchema, symbol: z.string(), decimals: z.number().int() })),
  /** Organisations that this gateway serves. */
  tenants: z.array(z.object({ organisation: organisationIdSchema, name: z.string(), role: roleSchema })),
  /** Only on the local network: accounts to try the product with. */
  developmentAccounts: z.array(z.object({ address: accountSchema, label: z.string(), portal: roleSchema })),
  maxBundleBytes: z.number().int(),
})
export type Network = z.output<typeof networkSchema>

/** GET /organisations (public): everyone who takes part, from the chain. */
export const organisationSchema = z.object({
  organisation: organisationIdSchema,
  name: z.string(),
  role: z.enum(['hospital', 'research']),
  standing: z.enum(['active', 'suspended']),
})
export const organisationsSchema = z.object({ items: z.array(organisationSchema) })

/** POST /auth/challenge */
export const challengeBodySchema = z.strictObject({ account: accountSchema })
export const challengeSchema = z.object({ nonce: feltSchema, expiresAtS: seconds, typedData: z.unknown() })
/** POST /auth/session. The refresh token comes as an HttpOnly cookie; POST /auth/refresh (no body) answers the same; POST /auth/sign-out ends it. */
export const sessionBodySchema = z.strictObject({
  account: accountSchema,
  nonce: feltSchema,
  signature: signatureSchema,
})
export const sessionSchema = z.object({
  accessToken: z.string(),
  expiresAtS: seconds,
  account: accountSchema,
  role: roleSchema,
  organisation: organisationIdSchema.nullable(),
})
export type Session = z.output<typeof sessionSchema>

const categoryCountSchema = z.object({
  category: z.enum(CATEGORY_KEYS),
  count: z.number().int(),
  fromS: seconds,
  toS: seconds,
})

/** GET /patient/records: own records at the hospitals served here. */
export const patientRecordSchema = z.object({
  record: recordIdSchema,
  hospital: organisationIdSchema,
  linkedAtS: seconds,
  /** When the hospital changed its content last, and whether that took it back to an earlier version; absent before the first change. */
  change: z.object({ atS: seconds, isRestored: z.boolean() }).optional(),
  categories: z.array(categoryCountSchema),
  sensitivities: z.array(z.enum(SENSITIVITY_KEYS)),
})
export const patientRecordsSchema = z.object({ items: z.array(patientRecordSchema) })

/** POST /patient/enrolments */
export const enrolmentBodySchema = z.strictObject({ code: z.string().trim().min(4).max(40) })
export const enrolmentSchema = z.object({ record: recordIdSchema, hospital: organisationIdSchema })

export const saltsSchema = z.strictObject({ grantee: feltSchema, purposes: feltSchema, period: feltSchema, data: feltSchema })

/** POST /patient/consents: files the terms *before* the wallet grants the commitment on chain. Filing alone permits nothing. Same again: same answer. */
export const fileConsentBodySchema = z.strictObject({
  commitment: commitmentSchema,
  terms: consentTermsSchema,
  salts: saltsSchema,
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .max(32),
  /** Commitment that this one replaces, when it does. */
  replaces: commitmentSchema.optional(),
})
export const fileConsentSchema = z.object({ commitment: commitmentSchema })

export const consentStateSchema = z.object({
  status: z.enum(['unknown', 'active', 'revoked', 'replaced']),
  grantedAtS: seconds,
  endedAtS: seconds,
})
/** GET /patient/consents: own terms with their state on chain (`unknown`: filed, not granted). */
export const patientConsentSchema = z.object({
  commitment: commitmentSchema,
  terms: consentTermsSchema,
  salts: saltsSchema,
  nonce: z.string(),
  filedAtS: seconds,
  state: consentStateSchema,
})
export const patientConsentsSchema = page(patientConsentSchema)
export type PatientConsent = z.output<typeof patientConsentSchema>

/** Where a dispute stands, with what the patient had to say: null when that was filed at no gateway of the hospital. */
export const disputeSchema = z.object({
  state: z.enum(['open', 'upheld', 'rejected']),
  /** Salted hash on chain. */
  statement: feltSchema,
  text: z.string().nullable(),
  transaction: feltSchema,
})
export type DisputeView = z.output<typeof disputeSchema>

/**
 * POST /patient/disputes: keeps what a patient has to say of an entry, sealed, *before* the wallet disputes it on chain with the salted hash.
 * `hospital` wrote the entry. Same again: same answer.
 */
export const fileDisputeBodySchema = z.strictObject({
  hospital: organisationIdSchema,
  statement: feltSchema,
  text: statementTextSchema,
  salt: feltSchema,
})
export const fileDisputeSchema = z.object({ statement: feltSchema })

/** GET /patient/accesses: every entry of the own log, by index from 1; the browser checks it against the root of the log on the chain. */
export const accessSchema = z.object({
  index: z.number().int().min(1),
  hospital: organisationIdSchema,
  kind: z.number().int(),
  /** Request that it answers; 0 when none. The reason of an emergency: its index in the PurposeOfUse tree. */
  reference: z.number().int().min(0),
  digest: feltSchema,
  loggedAtS: seconds,
  transaction: feltSchema,
  /** What stands behind the digest; null when the hospital is not served here. */
  details: entryDetailsSchema.nullable(),
  salt: feltSchema.nullable(),
  /** Credited to the patient for it. */
  reward: amount.nullable(),
  token: feltSchema.nullable(),
  /** Null when it was never disputed. */
  dispute: disputeSchema.nullable(),
})
export const accessesSchema = page(accessSchema)
export type Access = z.output<typeof accessSchema>

/** GET /research/consents: consents granted to the own office that are active now. */
export const grantSchema = z.object({
  commitment: commitmentSchema,
  patient: accountSchema,
  terms: consentTermsSchema,
  /** Hospitals served here that hold a record of this patient and may be asked under this consent. */
  hospitals: z.array(organisationIdSchema),
  grantedAtS: seconds,
})
export const grantsSchema = page(grantSchema)
export type Grant = z.output<typeof grantSchema>

/** POST /research/studies: keeps the description before the wallet opens the study; GET /research/studies lists the own ones. */
export const fileStudyBodySchema = z.strictObject({ details: studyDetailsSchema, salt: feltSchema, hash: feltSchema })
export const fileStudySchema = z.object({ hash: feltSchema })
export const studySchema = z.object({
  study: studyIdSchema,
  organisation: organisationIdSchema,
  funder: accountSchema,
  purposeIndex: z.number().int(),
  token: feltSchema,
  price: amount,
  hospitalBps: z.number().int(),
  poolBps: z.number().int(),
  capPerPatient: z.number().int(),
  /** No data leaves before so many different patients are asked or have answered. */
  minCohort: z.number().int(),
  bond: amount,
  deadlineS: seconds,
  answerWithinS: seconds,
  state: z.enum(['open', 'closed']),
  available: amount,
  /** Each holds the price. */
  openRequests: z.number().int(),
  settled: z.number().int(),
  /** Different patients with an open or settled request. */
  cohort: z.number().int(),
  openDisputes: z.number().int(),
  upheld: z.number().int(),
  /** From when on it can be closed, when no request and no dispute is open. */
  closesAtS: seconds,
  details: studyDetailsSchema.nullable(),
})
export const studiesSchema = page(studySchema)
export type StudyView = z.output<typeof studySchema>

/** POST /research/requests: gives the hospital the details *before* the wallet makes the request on chain. */
export const fileRequestBodySchema = z.strictObject({ details: requestDetailsSchema, salt: feltSchema, digest: feltSchema })
export const fileRequestSchema = z.object({ digest: feltSchema })

export const requestProgressSchema = z.enum([
  'filed', // details are here, nothing on chain yet
  'open', // on chain, price held, waiting for the hospital
  'settling', // permitted, journalled, settlement under way
  'refusing', // denied, journalled, refusal under way
  'settled', // paid and logged; the data can be fetched
  'refused', // logged; the price went back
  'expired', // not answered in time; the price went back
])
export const requestViewSchema = z.object({
  digest: feltSchema,
  request: requestIdSchema.nullable(),
  study: studyIdSchema,
  patient: accountSchema,
  hospital: organisationIdSchema,
  progress: requestProgressSchema,
  /** Why it was refused, when this gateway knows, or why an open one still waits: a `Decision`, or an error code. */
  reason: z.string().nullable(),
  /** Set for the hospital's staff when the gateway failed to answer it three times and waits for them: why (a code of `errorWords`), and since when. */
  parked: z.object({ code: z.string(), attempts: z.number().int(), atS: seconds }).nullable(),
  price: amount.nullable(),
  expiresAtS: seconds.nullable(),
  requestTransaction: feltSchema.nullable(),
  answerTransaction: feltSchema.nullable(),
  /** Size of the sealed data, when it can be fetched. */
  releaseBytes: z.number().int().nullable(),
  /** What was asked for; null when its details were not filed here. */
  asked: requestDetailsSchema.pick({ commitment: true, categories: true, dataFromS: true, dataToS: true }).nullable(),
  filedAtS: seconds,
})
export type RequestView = z.output<typeof requestViewSchema>
/**
 * GET /research/requests and GET /hospital/requests. POST /hospital/requests/:request/retry has a parked request tried again, and
 * POST /hospital/requests/:request/refusal has it refused, so that its price goes back; both answer 204, and 409 when it is not parked.
 */
export const requestsSchema = page(requestViewSchema)

/**
 * GET /research/requests/:digest/release: the sealed data. HPKE (RFC 9180) base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM;
 * info = `releaseInfo(chainId, rewardPool, digest)`; the plain text is gzip of a FHIR R4 Bundle of type collection.
 * Where free text was left out of it, its `meta.tag` has a coding of `LEFT_OUT_SYSTEM` whose code is how many.
 */
export const releaseSchema = z.object({
  digest: feltSchema,
  /** Encapsulated key, base64. */
  encapsulated: z.string(),
  /** Base64. */
  ciphertext: z.string(),
  /** Of the ciphertext, hex; the same as in the log entry. */
  sha256: z.string(),
})
export type Release = z.output<typeof releaseSchema>

/** Why a resource of an uploaded Bundle is never scored, counted, matched or released. */
export const WITHHELD_REASONS = [
  /** Its subject, or what it summarises, is somebody other than the Bundle's Patient. Not stored. */
  'another-patient',
  /** It does not say whom it is about. Not stored. */
  'unknown-subject',
  /** The latest version is entered in error. Not stored. */
  'withdrawn',
  /** The Bundle has a later version of it, or the same again. Not stored. */
  'superseded',
  /** A request of the Bundle deletes it. Not stored. */
  'deleted',
  /** A notice or answer of a server, such as an OperationOutcome. Not stored. */
  'server-message',
  /** A search brought it along, and nothing of the record points to it. Not stored. */
  'not-needed',
  /** A modifier extension, an implicit rule or a focus changes what it means. Stored, never released. */
  'changed-meaning',
  /** Its label, or a label that is not known, keeps it from everybody. Stored, never released. */
  'withheld-label',
] as const
export type WithheldReason = (typeof WITHHELD_REASONS)[number]

/** POST /hospital/bundles: the body is one FHIR R4 Bundle, application/fhir+json or application/json, plain or `Content-Encoding: gzip`. `X-Upload-Id` names the upload in `upload.progress` events; `X-Confirm-Identity` repeats the `confirmation` of an answer `record/identity-differs`. */
export const uploadSchema = z.object({
  record: recordIdSchema,
  /** False when a record of this patient was already here. */
  created: z.boolean(),
  /** Version of the record with this content; every upload with other content makes a new one. */
  version: z.number().int(),
  /** Whether the record has exactly this content already; then there is no new version. */
  isUnchanged: z.boolean(),
  /** False when no identifier has both system and value: later uploads of this patient will not be found to belong to this record. */
  isIdentified: z.boolean(),
  /** How many of the oldest versions were removed because the record has more than are kept. */
  removedVersions: z.number().int(),
  resources: z.number().int(),
  categories: z.array(categoryCountSchema),
  /** Resources in no category: kept, never released. */
  uncategorised: z.number().int(),
  /** Other resources and requests of the Bundle that can never leave, by reason; reasons with none are left out. */
  withheld: z.array(z.object({ reason: z.enum(WITHHELD_REASONS), count: z.number().int().min(1) })).max(WITHHELD_REASONS.length),
})
export type Upload = z.output<typeof uploadSchema>

/** GET /hospital/records: own records; the name is read for the staff of the hospital alone. */
export const hospitalRecordSchema = z.object({
  record: recordIdSchema,
  name: z.string(),
  birthDate: z.string(),
  uploadedAtS: seconds,
  version: z.number().int(),
  resources: z.number().int(),
  linkedAtS: seconds.nullable(),
})
export const hospitalRecordsSchema = page(hospitalRecordSchema)
export type HospitalRecord = z.output<typeof hospitalRecordSchema>

/** Why staff went back to an earlier version. */
export const restoreReasonSchema = z.enum(['wrong-patient', 'wrong-content', 'incomplete', 'other'])
export type RestoreReason = z.output<typeof restoreReasonSchema>

/** GET /hospital/records/:record/versions: newest first; who stored what and when, and what they confirmed. */
export const recordVersionSchema = z.object({
  version: z.number().int(),
  how: z.enum(['upload', 'restore']),
  by: accountSchema,
  madeAtS: seconds,
  /** The version that was restored. */
  fromVersion: z.number().int().nullable(),
  reason: restoreReasonSchema.nullable(),
  /** Differences from the patient of the version before that staff confirmed. */
  confirmed: z.array(identityFieldSchema),
  name: z.string(),
  birthDate: z.string(),
  resources: z.number().int(),
  categories: z.array(categoryCountSchema),
  isCurrent: z.boolean(),
  /** False when its content was removed because the record has more versions than are kept. */
  isKept: z.boolean(),
})
export const recordVersionsSchema = page(recordVersionSchema).extend({
  /** False when an entry is missing or was changed outside MedSync. */
  isComplete: z.boolean(),
})
export type RecordVersion = z.output<typeof recordVersionSchema>

/** POST /hospital/records/:record/versions/:version/restore: makes a new version with the content of that one. */
export const restoreBodySchema = z.strictObject({
  reason: restoreReasonSchema,
  /** The version that staff saw as the current one. */
  currentVersion: z.number().int().min(1),
})
export const restoredSchema = z.object({ record: recordIdSchema, version: z.number().int(), removedVersions: z.number().int() })

/** POST /hospital/records/:record/enrolment-codes. DELETE /hospital/records/:record/link ends a link that went to a wrong account. */
export const enrolmentCodeSchema = z.object({ code: z.string(), expiresAtS: seconds })

/** GET /hospital/journal: what was decided and released, newest first. */
export const journalRowSchema = z.object({
  id: z.number().int(),
  digest: feltSchema,
  details: entryDetailsSchema,
  state: z.enum(['intended', 'logged', 'abandoned']),
  writtenAtS: seconds,
  transaction: feltSchema.nullable(),
  /** Where the patient's dispute of its entry stands; null when it was never disputed. Their words are not the hospital's to read. */
  dispute: z.enum(['open', 'upheld', 'rejected']).nullable(),
})
export const journalSchema = page(journalRowSchema)
export type JournalRow = z.output<typeof journalRowSchema>

/** GET /patient/hospitals: hospitals of other gateways that say they hold a record of the account, or that the patient confirmed. */
export const patientHospitalsSchema = z.object({
  items: z.array(
    z.object({
      hospital: organisationIdSchema,
      /** It says so in the circle. */
      isClaimed: z.boolean(),
      /** The patient says so, too: it gets the terms of consents that name no hospital. */
      isConfirmed: z.boolean(),
    }),
  ),
})
export type PatientHospital = z.output<typeof patientHospitalsSchema>['items'][number]

/** Somebody in the hospitals' circle: a node, and whose it is. */
export const circleMemberSchema = z.object({
  /** The node's key in the circle: 64 hex digits. */
  executor: z.string(),
  organisation: organisationIdSchema,
  /** As the chain has it; null when the chain does not know the organisation. */
  name: z.string().nullable(),
  kind: z.enum(['hospital', 'research']),
  /** What the chain says of the organisation; null when it says nothing. */
  standing: z.enum(['active', 'suspended']).nullable(),
  /** Admits and removes members. */
  isKeeper: z.boolean(),
  /** False once it was removed. */
  isActive: z.boolean(),
  /** Served by this gateway. */
  isOurs: z.boolean(),
  /** Whether terms can be sealed to it: its key here is ours, or one that its organisation has on chain. */
  canReceive: z.boolean(),
})
export type CircleMember = z.output<typeof circleMemberSchema>
/**
 * Whether a node has the same shared state as the others: `starting` before the first comparison, `waiting` for the state itself, `alone`
 * without another node, `synchronising` while a difference is being repaired, `apart` when that has taken more than a minute.
 */
export const networkNodeStateSchema = z.enum(['in-step', 'synchronising', 'apart', 'starting', 'waiting', 'alone', 'not-answering', 'away'])
export type NetworkNodeState = z.output<typeof networkNodeStateSchema>
/** A node that this gateway acts through. */
export const networkNodeSchema = z.object({
  organisation: organisationIdSchema,
  state: networkNodeStateSchema,
  /** Since when; for a difference, when it was first seen. */
  sinceS: z.number().int(),
  /** When it was last found equal to another node. */
  equalAtS: z.number().int().nullable(),
  /** What the gateway did last about a difference, and when; null when there was nothing to do. */
  repair: z.object({ step: z.enum(['compare', 'replace-copy', 'file-again']), atS: z.number().int() }).nullable(),
})
export type NetworkNode = z.output<typeof networkNodeSchema>
/** GET /hospital/circle: what runs the private context, who is in it, and how our own nodes are (none in the embedded engine). */
export const circleSchema = z.object({
  engine: z.enum(['embedded', 'calimero']),
  members: z.array(circleMemberSchema),
  nodes: z.array(networkNodeSchema).max(1_000),
})
export type CircleView = z.output<typeof circleSchema>

/**
 * GET /events: server-sent events for the signed-in account (Authorization header, so read with fetch). Ids only; on any event the portal
 * reloads what it shows. `Last-Event-ID` resumes.
 */
export const liveEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['consent.granted', 'consent.revoked', 'consent.replaced']), commitment: commitmentSchema }),
  z.object({ type: z.literal('access.logged'), index: z.number().int(), kind: z.number().int(), transaction: feltSchema }),
  z.object({
    type: z.enum(['request.opened', 'request.settled', 'request.refused', 'request.expired', 'request.progress']),
    digest: feltSchema,
  }),
  z.object({ type: z.enum(['study.opened', 'study.funded', 'study.refunded', 'study.disputed', 'study.closed']), study: studyIdSchema }),
  z.object({ type: z.enum(['dispute.opened', 'dispute.resolved']), entry: feltSchema }),
  /** Nothing is settled while the reward pool is paused. */
  z.object({ type: z.enum(['pool.paused', 'pool.unpaused']) }),
  z.object({ type: z.enum(['reward.credited', 'reward.claimed']), token: feltSchema }),
  z.object({ type: z.literal('record.linked'), record: recordIdSchema }),
  z.object({ type: z.literal('upload.progress'), upload: z.string(), bytes: z.number().int(), resources: z.number().int() }),
  z.object({ type: z.enum(['chain.down', 'chain.up']) }),
  /** The hospitals' private context, as this gateway reaches it. */
  z.object({ type: z.enum(['context.down', 'context.up']) }),
  z.object({ type: z.literal('circle.changed') }),
  z.object({ type: z.literal('case.changed'), case: caseIdSchema }),
  /** The hospital's cases have the ranks of another ranking. */
  z.object({ type: z.literal('case.ranked'), round: roundIdSchema }),
  z.object({ type: z.literal('round.changed'), round: roundIdSchema }),
  z.object({ type: z.literal('allocation.changed') }),
  /** A patient was invited to a study, or an invitation was answered. */
  z.object({ type: z.literal('invitation.changed'), invitation: z.string() }),
  /** Events were missed that can no longer be told: load everything again. */
  z.object({ type: z.literal('stream.gap') }),
])
export type LiveEvent = z.output<typeof liveEventSchema>

/** GET /health (alive) and GET /ready (can decide and release), both outside /api. */
export const readySchema = z.object({
  /** `standby`: another gateway uses the database; this one takes over when that one is gone. */
  status: z.enum(['ready', 'not-ready', 'standby']),
  checks: z.object({ database: z.boolean(), chain: z.boolean(), caughtUp: z.boolean(), context: z.boolean() }),
  /** Events on chain that this version cannot read and does not believe; left out when there are none. */
  setAsideEvents: z.number().int().positive().optional(),
  /** Why it stands by, and what to do. */
  reason: z.string().optional(),
  /** Where the gateway acts through Calimero nodes: how the worst of them is. It does not make the gateway unready: what is missing is waited for. */
  network: z.object({ state: networkNodeStateSchema, sinceS: z.number().int() }).optional(),
})

/** Code system of the tag that counts the free texts and attachments left out of a released Bundle. */
export const LEFT_OUT_SYSTEM = 'urn:medsync:free-text-left-out'

/** Binds sealed data to its request: the `info` of HPKE, UTF-8. */
export function releaseInfo(chainId: string, rewardPool: string, digest: string): string {
  return `MedSync release v1|${chainId}|${rewardPool}|${digest}`
}
