import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  claimRewardCalls,
  decodeEvent,
  disputeSingleCalls,
  grantConsentCalls,
  openStudyCalls,
  type Receipt,
  readConsentState,
  readOwed,
  readPatientLog,
  readStudy,
  requestAccessCalls,
  revokeConsentCalls,
  setEncryptionKeyCalls,
} from '@medsync/chain'
import {
  accessesSchema,
  accountSchema,
  type CategoryKey,
  type ConsentTerms,
  categoryOf,
  commitConsent,
  deriveSalts,
  enrolmentCodeSchema,
  enrolmentSchema,
  entryDigest,
  type Felt,
  fileConsentSchema,
  fileDisputeSchema,
  fileRequestSchema,
  fileStudySchema,
  grantsSchema,
  newConsentNonce,
  newSalt,
  purposeOf,
  type RequestDetails,
  type RequestView,
  releaseSchema,
  requestDigest,
  requestsSchema,
  type StudyId,
  singleEntries,
  slugToOrganisationId,
  splitPrice,
  statementHash,
  studyDetailsHash,
  studyIdSchema,
  uploadSchema,
  verifyEntries,
  ZERO,
} from '@medsync/protocol'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import type { Narrator } from './narrator.ts'
import { encryptionKeyOf, openRelease } from './openRelease.ts'
import type { Person } from './person.ts'
import { RefusedError } from './refusedError.ts'

/** Who plays in the main job. */
export type Cast = { readonly hospital: Person; readonly patient: Person; readonly researcher: Person }

const MERCY = slugToOrganisationId('mercy')
const NORTHGATE = slugToOrganisationId('northgate')
const DAY_S = 86_400
const PRICE = 2_500_000_000_000_000_000n
const BOND = 1_000_000_000_000_000_000n
const CONSENTED: CategoryKey[] = ['vitals', 'laboratory']
const ASKED: CategoryKey[] = ['vitals', 'laboratory', 'conditions']

/** Plays the main job of MedSync (design, steps 1 to 6, and a dispute) against a running product, checks every outcome, and tells it. */
export async function playMainJob({ hospital, patient, researcher }: Cast, tell: Narrator): Promise<void> {
  const { deployment } = patient.place
  const token = accountSchema.parse(deployment.tokens[0]?.address)

  tell.chapter('1. A hospital takes in a record')
  await tell.step('Mercy General signs in with its Starknet account', () => hospital.signIn())
  const sample = await readFile(inProject('test', 'data', 'synthea', 'mercy', 'Leonie332_Becker968.json.gz'))
  const upload = await tell.step(
    'uploads a FHIR R4 Bundle (synthetic patient, gzip)',
    () => hospital.upload('/hospital/bundles', uploadSchema, sample),
    ({ record, resources, categories }) => `record ${record}: ${resources} resources, ${categories.length} kinds of data; sealed at rest`,
  )

  tell.chapter('2. The patient links the account to the record')
  const { code } = await tell.step('the hospital makes a one-time code', () =>
    hospital.ask('POST', `/hospital/records/${upload.record}/enrolment-codes`, enrolmentCodeSchema),
  )
  await tell.step('the patient signs in', () => patient.signIn())
  await tell.step('and links with the code', () => patient.ask('POST', '/patient/enrolments', enrolmentSchema, { code }))
  const again = await codeOf(patient.ask('POST', '/patient/enrolments', enrolmentSchema, { code }))
  tell.check('the same code does not work twice', again === 'enrolment/used')

  tell.chapter('3. The patient grants a consent')
  const terms: ConsentTerms = {
    grantee: NORTHGATE,
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: nowS() + 365 * DAY_S,
    categories: CONSENTED,
    dataFromS: 0,
    dataToS: 0,
    custodian: ZERO,
    sensitivities: [],
  }
  const nonce = newConsentNonce()
  const salts = deriveSalts(await patient.secret(), nonce)
  const registry = deployment.contracts.consentRegistry
  const { commitment } = commitConsent({ chainId: deployment.chainId, registry, patient: patient.address, terms, salts })
  await tell.step('files the terms with the hospital: Northgate, healthcare research, vital signs and laboratory, one year', () =>
    patient.ask('POST', '/patient/consents', fileConsentSchema, { commitment, terms, salts, nonce }),
  )
  await tell.step('puts one salted commitment on chain', () => patient.send(grantConsentCalls(deployment, { commitment })), transactionOf)

  tell.chapter('4. A researcher funds a study and asks')
  await tell.step('Northgate signs in', () => researcher.signIn())
  const secret = await researcher.secret()
  const key = await encryptionKeyOf(secret)
  await tell.step(
    'publishes the key that data is sealed to',
    () => researcher.send(setEncryptionKeyCalls(deployment, { key })),
    transactionOf,
  )
  const study = await openStudy()
  const grants = await tell.step('finds the consent among those granted to the office', () =>
    until(
      () => researcher.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.some((grant) => grant.commitment === commitment && grant.hospitals.includes(MERCY)),
    ),
  )
  tell.check(
    'and only those',
    grants.items.every((grant) => grant.terms.grantee === NORTHGATE),
  )
  const first = await request('asks for vital signs, laboratory and conditions; the price goes into escrow', study)

  tell.chapter('5. The gateway decides, releases, logs and pays')
  const settled = await tell.step(
    'the hospital answers by itself',
    () => answer(first, 'settled'),
    (view) => `transaction ${view.answerTransaction}`,
  )
  tell.check('only after the escrow was paid out could the data be fetched', settled.releaseBytes !== null)
  const release = await tell.step(
    'Northgate fetches the sealed data',
    () => researcher.ask('GET', `/research/requests/${first}/release`, releaseSchema),
    ({ sha256 }) => `SHA-256 ${sha256}`,
  )
  const bundle = await tell.step(
    'and opens it with its own key',
    () => openRelease(deployment, release, secret),
    ({ entry }) => `${entry.length} resources: ${summary(entry.map(({ resource }) => resource.resourceType))}`,
  )
  const kinds = new Set(bundle.entry.map(({ resource }) => categoryOf(resource)))
  tell.check('there is something in it', bundle.entry.length > 0)
  tell.check(
    'conditions were asked for and are not in it: the consent does not cover them',
    [...kinds].every((kind) => kind !== undefined && CONSENTED.includes(kind)),
  )
  tell.check('neither is the patient’s name', !/Leonie|Becker/.test(JSON.stringify(bundle)))

  tell.chapter('6. The patient sees it, collects, and ends it')
  const accesses = await tell.step('sees the access, with what left and why', () =>
    until(
      () => patient.ask('GET', '/patient/accesses', accessesSchema),
      ({ items }) => items.some(({ details }) => details?.kind === 'access'),
    ),
  )
  const entry = accesses.items.find(({ details }) => details?.kind === 'access')
  tell.check(
    'the entry on chain is the hash of exactly these details',
    entry?.details != null && entry.salt !== null && entryDigest(entry.details, entry.salt) === entry.digest,
  )
  await tell.step('proves against the chain that no entry is missing', async () =>
    verifyEntries(accesses.items, await readPatientLog(deployment, patient.address)),
  )
  const owed = await readOwed(deployment, token, patient.address)
  tell.check(`is owed ${owed} (75 % of the price and the dust)`, owed >= splitPrice(PRICE, 2_000n, 500n).patient)
  await tell.step('collects the reward', () => patient.send(claimRewardCalls(deployment, { token })), transactionOf)
  tell.check('nothing is owed any more', (await readOwed(deployment, token, patient.address)) === 0n)
  await tell.step('revokes the consent', () => patient.send(revokeConsentCalls(deployment, { commitment })), transactionOf)
  tell.check('it is revoked on chain', (await readConsentState(deployment, patient.address, commitment)).status === 'revoked')
  const second = await request('Northgate asks again', study)
  const refused = await tell.step(
    'the hospital refuses by itself',
    () => answer(second, 'refused'),
    (view) => `reason: ${view.reason}; transaction ${view.answerTransaction}`,
  )
  tell.check('because the consent was revoked', refused.reason === 'revoked')
  const money = await readStudy(deployment, study)
  tell.check('the price went back to the study', money?.available === 3n * PRICE && money.openRequests === 0)
  const late = await codeOf(researcher.ask('GET', `/research/requests/${first}/release`, releaseSchema))
  tell.check('and what was released before can no longer be fetched', late === 'release/destroyed' || late === 'consent/not-permitted')
  const whole = await until(
    () => patient.ask('GET', '/patient/accesses', accessesSchema),
    ({ items }) => items.some(({ details }) => details?.kind === 'refusal'),
  )
  verifyEntries(whole.items, await readPatientLog(deployment, patient.address))
  tell.check('the refusal stands in the patient’s log, and the log is whole', true)

  tell.chapter('7. The patient disputes the access')
  const words = 'I thought that I had revoked this before.'
  const wordsSalt = newSalt()
  const statement = statementHash(words, wordsSalt)
  await tell.step('leaves the words with the hospital’s gateway, sealed', () =>
    patient.ask('POST', '/patient/disputes', fileDisputeSchema, { hospital: MERCY, statement, text: words, salt: wordsSalt }),
  )
  const { place } = await readPatientLog(deployment, patient.address)
  const disputed = singleEntries(place, whole.items).find(({ digest }) => digest === entry?.digest)
  if (disputed === undefined) throw new ChoreError('demo/not-so', 'The access is not in the list.', 'Look at the gateway’s log.')
  await tell.step(
    'disputes the entry on chain, with their salted hash and the way up in the log’s tree',
    () => patient.send(disputeSingleCalls(deployment, { entry: disputed, statement })),
    transactionOf,
  )
  const shown = await until(
    () => patient.ask('GET', '/patient/accesses', accessesSchema),
    ({ items }) => items.some(({ dispute }) => dispute?.state === 'open' && dispute.text === words),
  )
  tell.check(
    'and of that entry only',
    shown.items.every(({ dispute, digest }) => (dispute === null) === (digest !== disputed.digest)),
  )
  tell.check(
    'the study cannot be closed, nor its bond taken back, before it is decided',
    (await readStudy(deployment, study))?.openDisputes === 1,
  )

  async function openStudy(): Promise<StudyId> {
    const details = {
      title: 'Resting heart rate and laboratory values',
      summary: 'A demonstration study.',
      categories: ASKED,
      dataFromS: 0,
      dataToS: 0,
    }
    const salt = newSalt()
    const hash = studyDetailsHash(details, salt)
    await researcher.ask('POST', '/research/studies', fileStudySchema, { details, salt, hash })
    const terms = {
      organisation: NORTHGATE,
      purposeIndex: purposeOf('CLINTRCH').index,
      token,
      price: PRICE,
      hospitalBps: 2_000,
      poolBps: 500,
      capPerPatient: 5,
      minCohort: 1,
      bond: BOND,
      deadlineS: nowS() + 30 * DAY_S,
      answerWithinS: DAY_S,
      details: hash,
    }
    const receipt = await tell.step(
      'opens a study: 2.5 STRK an access, funded for four, with a bond of 1 STRK',
      () => researcher.send(openStudyCalls(deployment, { terms, deposit: 4n * PRICE })),
      transactionOf,
    )
    return studyIdSchema.parse(Number(eventOf(receipt, 'StudyOpened')['study']))
  }

  async function request(what: string, study: StudyId): Promise<Felt> {
    const details: RequestDetails = {
      study,
      requester: researcher.address,
      patient: patient.address,
      hospital: MERCY,
      commitment,
      categories: ASKED,
      dataFromS: 0,
      dataToS: 0,
    }
    const salt = newSalt()
    const digest = requestDigest(details, salt)
    await researcher.ask('POST', '/research/requests', fileRequestSchema, { details, salt, digest })
    const calls = requestAccessCalls(deployment, { study, patient: patient.address, hospital: MERCY, digest })
    await tell.step(what, () => researcher.send(calls), transactionOf)
    return digest
  }

  async function answer(digest: Felt, expected: RequestView['progress']): Promise<RequestView> {
    const ended = (view: RequestView | undefined) => view !== undefined && ['settled', 'refused', 'expired'].includes(view.progress)
    const views = await until(
      () => researcher.ask('GET', '/research/requests', requestsSchema),
      ({ items }) => ended(items.find((view) => view.digest === digest)),
    )
    const view = views.items.find((each) => each.digest === digest)
    if (view?.progress !== expected) {
      throw new ChoreError(
        'demo/not-so',
        `The request ended ${view?.progress} (${view?.reason}), not ${expected}.`,
        'Look at the gateway’s log.',
      )
    }
    return view
  }

  function eventOf(receipt: Receipt, type: string): Record<string, unknown> {
    const ours = new Set<string>(Object.values(deployment.contracts))
    const events = receipt.events
      .filter((event) => ours.has(event.from_address))
      .map((event) => decodeEvent(deployment, { ...event, transaction_hash: receipt.transaction }))
    const found = events.find((event) => event.type === type)
    if (found === undefined)
      throw new ChoreError('demo/not-so', `The transaction ${receipt.transaction} has no ${type}.`, 'Look at its receipt.')
    return found
  }
}

const nowS = (): number => Math.floor(Date.now() / 1_000)
const transactionOf = ({ transaction, feeFri }: Receipt): string =>
  `transaction ${transaction}, fee ${(Number(feeFri) / 1e18).toFixed(4)} STRK`

/** The code of a refusal; fails when there was none. */
async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked
  } catch (error) {
    if (error instanceof RefusedError) return error.code
    throw error
  }
  return 'it was not refused'
}

/** Asks until the answer is as wanted, at most 30 s. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (const endMs = performance.now() + 30_000; ; ) {
    const answer = await ask()
    if (wanted(answer)) return answer
    if (performance.now() > endMs)
      throw new ChoreError('demo/too-slow', 'This did not come about within 30 s.', 'Look at the gateway’s log.')
    await sleep(50)
  }
}

function summary(kinds: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
}
