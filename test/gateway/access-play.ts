import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ChainEvent,
  type Deployment,
  decodeEvent,
  EventReader,
  grantConsentCalls,
  openStudyCalls,
  type Receipt,
  requestAccessCalls,
  type StudyTerms,
  setEncryptionKeyCalls,
} from '@medsync/chain'
import {
  type AccountAddress,
  type Commitment,
  type ConsentNonce,
  type ConsentSalts,
  type ConsentTerms,
  commitConsent,
  deriveSalts,
  enrolmentCodeSchema,
  enrolmentSchema,
  type Felt,
  fileConsentSchema,
  fileRequestSchema,
  fileStudySchema,
  newConsentNonce,
  newSalt,
  purposeOf,
  type RecordId,
  type RequestDetails,
  type RequestView,
  requestDigest,
  requestsSchema,
  type StudyId,
  slugToOrganisationId,
  studyDetailsHash,
  studyIdSchema,
  uploadSchema,
  ZERO,
} from '@medsync/protocol'
import { encryptionKeyOf } from '../../scripts/demo/openRelease.ts'
import type { Person } from '../../scripts/demo/person.ts'

/** The organisations of the local network that the main job needs. */
export const MERCY = slugToOrganisationId('mercy')
export const STCLARE = slugToOrganisationId('stclare')
export const NORTHGATE = slugToOrganisationId('northgate')
export const HARBOUR = slugToOrganisationId('harbour')
export const DAY_S = 86_400
/** What an access costs in these tests, smallest unit. */
export const PRICE = 1_000_000n

const nowS = (): number => Math.floor(Date.now() / 1_000)

/** A hospital takes in a record, and a patient links to it. */
export async function enrol(hospital: Person, patient: Person, bundle: Uint8Array): Promise<RecordId> {
  const { record } = await hospital.upload('/hospital/bundles', uploadSchema, bundle)
  const { code } = await hospital.ask('POST', `/hospital/records/${record}/enrolment-codes`, enrolmentCodeSchema)
  await patient.ask('POST', '/patient/enrolments', enrolmentSchema, { code })
  return record
}

/** A consent with all that its patient knows of it. */
export type Consent = {
  readonly commitment: Commitment
  readonly terms: ConsentTerms
  readonly salts: ConsentSalts
  readonly nonce: ConsentNonce
}

/** Makes a consent; nothing is filed or granted. Northgate may use vital signs and laboratory for research, unless told otherwise. */
export function makeConsent(patient: Person, overrides: Partial<ConsentTerms> = {}): Consent {
  const terms: ConsentTerms = {
    grantee: NORTHGATE,
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: nowS() + 30 * DAY_S,
    categories: ['vitals', 'laboratory'],
    dataFromS: 0,
    dataToS: 0,
    custodian: ZERO,
    sensitivities: [],
    ...overrides,
  }
  const nonce = newConsentNonce()
  const salts = deriveSalts(crypto.getRandomValues(new Uint8Array(32)), nonce)
  const { chainId, contracts } = patient.place.deployment
  const { commitment } = commitConsent({ chainId, registry: contracts.consentRegistry, patient: patient.address, terms, salts })
  return { commitment, terms, salts, nonce }
}

/** Files a consent's terms with the gateway. */
export async function fileConsent(patient: Person, consent: Consent): Promise<void> {
  await patient.ask('POST', '/patient/consents', fileConsentSchema, consent)
}

/** Files a consent and grants it on chain. */
export async function grant(patient: Person, overrides: Partial<ConsentTerms> = {}): Promise<Consent> {
  const consent = makeConsent(patient, overrides)
  await fileConsent(patient, consent)
  await patient.send(grantConsentCalls(patient.place.deployment, consent))
  return consent
}

/** Publishes the key that data for a researcher is sealed to; waits until the gateway knows it. */
export async function publishKey(researcher: Person): Promise<void> {
  await researcher.send(setEncryptionKeyCalls(researcher.place.deployment, { key: await encryptionKeyOf(await researcher.secret()) }))
}

/** Describes, opens and funds a study. */
export async function openStudy(researcher: Person, overrides: Partial<StudyTerms> = {}, deposit = 1_000n * PRICE): Promise<StudyId> {
  const details = { title: 'Pulse and blood', summary: '', categories: ['vitals' as const], dataFromS: 0, dataToS: 0 }
  const salt = newSalt()
  const hash = studyDetailsHash(details, salt)
  await researcher.ask('POST', '/research/studies', fileStudySchema, { details, salt, hash })
  const { deployment } = researcher.place
  const terms: StudyTerms = {
    organisation: NORTHGATE,
    purposeIndex: purposeOf('CLINTRCH').index,
    token: deployment.tokens[0]?.address ?? ZERO,
    price: PRICE,
    hospitalBps: 2_000,
    poolBps: 500,
    capPerPatient: 1_000,
    minCohort: 1,
    bond: 0n,
    deadlineS: nowS() + 30 * DAY_S,
    answerWithinS: DAY_S,
    details: hash,
    ...overrides,
  }
  const receipt = await researcher.send(openStudyCalls(deployment, { terms, deposit }))
  return studyIdSchema.parse(eventsOf(researcher, receipt).find(({ type }) => type === 'StudyOpened')?.['study'])
}

/** What our contracts said in a transaction. */
export function eventsOf(person: Person, receipt: Receipt): ({ type: string } & Record<string, unknown>)[] {
  const { deployment } = person.place
  const ours = new Set<string>(Object.values(deployment.contracts))
  return receipt.events
    .filter((event) => ours.has(event.from_address))
    .map((event) => decodeEvent(deployment, { ...event, transaction_hash: receipt.transaction }))
}

/** The entries that stand on chain for a patient under a digest, read from the first block on. */
export async function entriesOnChain(
  deployment: Deployment,
  patient: AccountAddress,
  digest: Felt,
): Promise<Extract<ChainEvent, { type: 'EntryAppended' }>[]> {
  const reader = new EventReader(deployment)
  const events: ChainEvent[] = []
  for await (const batch of reader.read(reader.start())) if (batch.kind === 'events') events.push(...batch.events)
  return events.filter((event) => event.type === 'EntryAppended').filter((event) => event.patient === patient && event.digest === digest)
}

/** A request about to be made. */
export type Ask = { readonly details: RequestDetails; readonly salt: Felt; readonly digest: Felt }

/** Makes the details of a request to Mercy for vital signs, unless told otherwise; nothing is filed or sent. */
export function makeAsk(
  researcher: Person,
  about: { study: StudyId; patient: Person; commitment: Commitment },
  overrides: Partial<RequestDetails> = {},
): Ask {
  const details: RequestDetails = {
    study: about.study,
    requester: researcher.address,
    patient: about.patient.address,
    hospital: MERCY,
    commitment: about.commitment,
    categories: ['vitals'],
    dataFromS: 0,
    dataToS: 0,
    ...overrides,
  }
  const salt = newSalt()
  return { details, salt, digest: requestDigest(details, salt) }
}

/** Files the details of a request. */
export async function fileAsk(researcher: Person, ask: Ask): Promise<void> {
  await researcher.ask('POST', '/research/requests', fileRequestSchema, ask)
}

/** Makes a request on chain; the price goes into escrow. */
export async function sendAsk(researcher: Person, { details, digest }: Ask): Promise<Receipt> {
  return await researcher.send(requestAccessCalls(researcher.place.deployment, { ...details, digest }))
}

/** Files and makes a request. */
export async function ask(
  researcher: Person,
  about: { study: StudyId; patient: Person; commitment: Commitment },
  overrides: Partial<RequestDetails> = {},
): Promise<Ask> {
  const made = makeAsk(researcher, about, overrides)
  await fileAsk(researcher, made)
  await sendAsk(researcher, made)
  return made
}

/** A request as its researcher sees it now; undefined when it is not in the list. */
export async function viewOf(researcher: Person, digest: Felt): Promise<RequestView | undefined> {
  const { items } = await researcher.ask('GET', '/research/requests?limit=200', requestsSchema)
  return items.find((view) => view.digest === digest)
}

/** Waits until a request has ended, and fails when that takes longer than `withinMs`. */
export async function ended(researcher: Person, digest: Felt, withinMs = 20_000): Promise<RequestView> {
  return await until(
    () => viewOf(researcher, digest),
    (view) => view !== undefined && ['settled', 'refused', 'expired'].includes(view.progress),
    withinMs,
  )
}

/** Asks until the answer is as wanted. */
export async function until<T, W extends T>(
  question: () => Promise<T>,
  wanted: ((answer: T) => answer is W) | ((answer: T) => boolean),
  withinMs = 20_000,
): Promise<NonNullable<W>> {
  for (const endMs = performance.now() + withinMs; ; ) {
    const answer = await question()
    if (wanted(answer) && answer !== undefined && answer !== null) return answer as NonNullable<W>
    if (performance.now() > endMs) throw new RangeError(`not so within ${withinMs} ms: ${JSON.stringify(answer)}`)
    await sleep(60)
  }
}
