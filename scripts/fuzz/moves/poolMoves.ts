import { DECISION } from '../../../test/model/consents.ts'
import { POWERS } from '../../../test/model/participants.ts'
import { HARM, MAX_AMOUNT, REQUEST, type Request, STUDY, type Study, type Terms } from '../../../test/model/rewardPool.ts'
import type { Call } from '../../../test/model/world.ts'
import { DAY_S, type Scene } from '../scene.ts'
import { draft } from './consentMoves.ts'
import type { Move } from './move.ts'

const PURPOSES = [36n, 38n, 39n, 42n]

type Numbered<T> = { id: bigint; row: T }

function studies(scene: Scene, fits: (study: Study, id: bigint) => boolean): Numbered<Study>[] {
  return scene.theatre.pool.studies
    .rows()
    .map(({ key: [id = 0n], row }) => ({ id, row }))
    .filter(({ id, row }) => row.state !== STUDY.unknown && fits(row, id))
}

function requests(scene: Scene, fits: (request: Request) => boolean): Numbered<Request>[] {
  return scene.theatre.pool.requests
    .rows()
    .map(({ key: [id = 0n], row }) => ({ id, row }))
    .filter(({ row }) => row.state !== REQUEST.unknown && fits(row))
}

/** Any number, also one that is nobody's. */
function anyId(scene: Scene, count: bigint): bigint {
  return BigInt(scene.random.between(0, Number(count) + 1))
}

function anyStudy(scene: Scene): bigint {
  return anyId(scene, scene.theatre.pool.counts.get(0n).studies)
}

function anyRequest(scene: Scene): bigint {
  return anyId(scene, scene.theatre.pool.counts.get(0n).requests)
}

/** Money for somebody who has none, mostly. */
function purse({ theatre, random }: Scene, funder: bigint, token: bigint): Call[] {
  const { allowances, balances } = [theatre.tokenA, theatre.tokenB, theatre.odd].find(({ address }) => address === token) ?? theatre.odd
  if (random.chance(20) || (balances.get(funder) > 2n ** 80n && allowances.get(funder, theatre.pool.address) > 2n ** 80n)) return []
  return [
    { from: funder, to: token, fn: 'mint', args: [funder, 2n ** 112n] },
    { from: funder, to: token, fn: 'approve', args: [theatre.pool.address, 2n ** 255n] },
  ]
}

function opening(scene: Scene): Call[] {
  const { random } = scene
  const organisation = scene.office()
  const token = scene.token()
  const price = random.chance(85) ? BigInt(random.between(1, 1_000_000)) : random.pick([1n, 3n, 7n, 9_999n, 2n ** 60n, 2n ** 108n])
  const hospitalBps = random.between(0, 10_000)
  const terms: Terms = {
    organisation,
    purpose: random.pick(PURPOSES),
    token,
    price,
    hospital_bps: BigInt(hospitalBps),
    pool_bps: BigInt(random.between(0, 10_000 - hospitalBps)),
    cap_per_patient: BigInt(random.between(1, 4)),
    min_cohort: random.pick([0n, 0n, 1n, 1n, 2n]),
    bond: random.chance(30) ? 0n : price + BigInt(random.between(0, 99)),
    deadline_s: scene.nowS + BigInt(random.between(1, 8)) * DAY_S,
    answer_within_s: BigInt(random.between(60, 300_000)),
    details: random.felt(),
  }
  const spoilt: readonly Partial<Terms>[] = [
    { price: 0n },
    { price: MAX_AMOUNT + 1n },
    { cap_per_patient: 0n },
    { cap_per_patient: 2n ** 20n },
    { min_cohort: 2n ** 20n },
    { min_cohort: 2n ** 20n - 1n, cap_per_patient: 2n ** 20n - 1n },
    { pool_bps: 10_001n - terms.hospital_bps },
    { pool_bps: 65_535n, hospital_bps: 65_535n },
    { purpose: 59n },
    { purpose: 255n },
    { deadline_s: scene.nowS },
    { deadline_s: scene.nowS + 157_680_001n },
    { deadline_s: 2n ** 64n - 1n },
    { answer_within_s: 59n },
    { answer_within_s: 7_776_001n },
    { answer_within_s: 7_776_000n },
    { bond: MAX_AMOUNT },
    { bond: MAX_AMOUNT + 1n },
    { token: 0n },
    { token: scene.contract('rewardPool') },
    { organisation: scene.office() },
  ]
  const whole = random.chance(12) ? { ...terms, ...random.pick(spoilt) } : terms
  const deposit = random.chance(4)
    ? random.pick([0n, MAX_AMOUNT, MAX_AMOUNT + 1n])
    : price * BigInt(random.between(3, 14)) + BigInt(random.between(0, 5))
  const funder = scene.operatorOf(organisation)
  return [...purse(scene, funder, token), scene.call(funder, 'rewardPool', 'open_study', whole, deposit)]
}

function funding(scene: Scene): Call[] {
  const open = studies(scene, ({ state, terms }) => state === STUDY.open && terms.deadline_s >= scene.nowS)
  const study = scene.random.chance(85) ? scene.random.pickOr(open, undefined) : undefined
  const id = study?.id ?? anyStudy(scene)
  const { funder, terms } = scene.theatre.pool.studies.get(id)
  const amount = scene.random.chance(95)
    ? terms.price * BigInt(scene.random.between(1, 3)) + 1n
    : scene.random.pick([0n, MAX_AMOUNT, MAX_AMOUNT + 1n])
  return [scene.call(scene.random.chance(92) ? funder || scene.anyone() : scene.anyone(), 'rewardPool', 'fund', id, amount)]
}

function asking(scene: Scene): Call[] {
  const { random } = scene
  const open = studies(
    scene,
    ({ state, terms, available }) => state === STUDY.open && terms.deadline_s >= scene.nowS && available >= terms.price,
  )
  // A few studies with many accesses go deeper than many with one.
  const study = random.chance(93) ? random.pickOr(open.slice(-3), undefined) : undefined
  const id = study?.id ?? anyStudy(scene)
  const { organisation } = scene.theatre.pool.studies.get(id).terms
  const digest = random.chance(3)
    ? (random.pickOr(
        requests(scene, () => true),
        undefined,
      )?.row.digest ?? 0n)
    : random.felt()
  const hospital = random.chance(96) ? scene.hospital() : organisation
  return [scene.call(scene.operatorOf(organisation), 'rewardPool', 'request', id, scene.patient(), hospital, digest)]
}

/** An open request that can be answered now or could a moment ago, or any other now and then. */
function toAnswer(scene: Scene): Numbered<Request> | undefined {
  const open = requests(scene, ({ state, expires_at_s }) => state === REQUEST.open && expires_at_s >= scene.nowS)
  const found = scene.random.chance(92) ? scene.random.pickOr(open, undefined) : undefined
  if (found !== undefined) return found
  if (scene.random.chance(70)) return undefined
  const id = anyRequest(scene)
  return { id, row: scene.theatre.pool.requests.get(id) }
}

function settling(scene: Scene): Call[] {
  const { random, theatre } = scene
  const asked = toAnswer(scene)
  if (asked === undefined) return asking(scene)
  const { id, row } = asked
  const { hospital, digest, study } = row
  const patient = row.patient || scene.patient()
  const { organisation, purpose } = theatre.pool.studies.get(study).terms
  const desk = scene.operatorOf(hospital)
  const fits = scene.consents.filter(
    (each) => each.patient === patient && theatre.registry.decide(patient, each.opening, organisation, purpose) === DECISION.permit,
  )
  const others = scene.consents.filter((each) => each.patient === patient)
  const settle = (of: (typeof others)[number], calls: Call[] = []): Call[] => {
    const entry = random.chance(98) ? random.felt() : 0n
    const settled = scene.call(desk, 'rewardPool', 'settle', id, random.chance(97) ? digest : digest + 1n, of.opening, entry)
    return [...calls, settled, ...(random.chance(5) ? [settled] : [])]
  }
  if (random.chance(15) && others.length > 0) return settle(random.pick(others))
  if (fits.length > 0) return settle(random.pick(fits))
  const fresh = draft(scene, patient, { grantee: organisation, purpose })
  return settle(fresh, [scene.call(patient, 'consentRegistry', 'grant', fresh.root)])
}

function refusing(scene: Scene): Call[] {
  const asked = toAnswer(scene)
  if (asked === undefined) return []
  const { id, row } = asked
  const entry = scene.random.chance(95) ? scene.random.felt() : 0n
  return [scene.call(scene.operatorOf(row.hospital), 'rewardPool', 'refuse', id, scene.random.chance(95) ? row.digest : 1n, entry)]
}

function expiring(scene: Scene): Call[] {
  const late = requests(scene, ({ state, expires_at_s }) => state === REQUEST.open && expires_at_s <= scene.nowS + 1n)
  const id = (scene.random.chance(85) ? scene.random.pickOr(late, undefined)?.id : undefined) ?? anyRequest(scene)
  return [scene.call(scene.anyone(), 'rewardPool', 'expire', id)]
}

/** A row of money that is owed, with its key. */
function owing(scene: Scene, table: { rows(): { key: bigint[]; row: bigint }[] }): { token: bigint; to: bigint } {
  const owed = table.rows().filter(({ row }) => row !== 0n)
  const [token = scene.token(), to = scene.anyone()] = scene.random.chance(88) ? scene.random.pickOr(owed, { key: [], row: 0n }).key : []
  return { token, to }
}

function claiming(scene: Scene): Call[] {
  const { token, to } = owing(scene, scene.theatre.pool.owed)
  return [scene.call(scene.theatre.puppets.has(to) ? to : scene.anyone(), 'rewardPool', 'claim', token)]
}

function claimingMany(scene: Scene): Call[] {
  const { token, to } = owing(scene, scene.theatre.pool.owed)
  const tokens = scene.random.chance(8)
    ? scene.random.pick([[], Array<bigint>(51).fill(token), [token, token]])
    : scene.random.some([...new Set([token, scene.token(), scene.token()])], 3)
  return [scene.call(scene.theatre.puppets.has(to) ? to : scene.anyone(), 'rewardPool', 'claim_many', tokens)]
}

function claimingForOrganisation(scene: Scene): Call[] {
  const { token, to } = owing(scene, scene.theatre.pool.owedToOrganisation)
  return [scene.call(scene.operatorOf(to), 'rewardPool', 'claim_for_organisation', token)]
}

function claimingPoolShare(scene: Scene): Call[] {
  const { token } = owing(scene, scene.theatre.pool.owedToPool)
  const to = scene.random.chance(95) ? scene.anyone() : 0n
  return [scene.call(scene.random.chance(90) ? scene.owner() : scene.anyone(), 'rewardPool', 'claim_pool_share', token, to)]
}

function refunding(scene: Scene): Call[] {
  const over = studies(
    scene,
    ({ state, terms, available }) => state === STUDY.open && terms.deadline_s <= scene.nowS + 1n && available !== 0n,
  )
  const id = (scene.random.chance(85) ? scene.random.pickOr(over, undefined)?.id : undefined) ?? anyStudy(scene)
  return [
    scene.call(
      scene.random.chance(90) ? scene.theatre.pool.studies.get(id).funder || scene.anyone() : scene.anyone(),
      'rewardPool',
      'refund',
      id,
    ),
  ]
}

/** Closes a study whose time has come, after what still keeps it open. */
function closing(scene: Scene): Call[] {
  const { random, theatre } = scene
  const ripe = studies(scene, ({ state }, id) => state === STUDY.open && theatre.pool.closesAtS(id) <= scene.nowS + 1n)
  const study = random.chance(88) ? random.pickOr(ripe, undefined) : undefined
  if (study === undefined) return [scene.call(scene.anyone(), 'rewardPool', 'close', anyStudy(scene))]
  const late = requests(scene, (request) => request.study === study.id && request.state === REQUEST.open)
  const expired = random.chance(80) ? late.map(({ id }) => scene.call(scene.anyone(), 'rewardPool', 'expire', id)) : []
  return [...expired, scene.call(scene.anyone(), 'rewardPool', 'close', study.id)]
}

function compensating(scene: Scene): Call[] {
  const { pool } = scene.theatre
  const harmed = requests(scene, ({ harm, study }) => harm === HARM.upheld && pool.studies.get(study).state === STUDY.closed)
  const upheld = requests(scene, ({ harm }) => harm === HARM.upheld || harm === HARM.compensated)
  const found = scene.random.chance(85) ? scene.random.pickOr(harmed, undefined) : scene.random.pickOr(upheld, undefined)
  return [scene.call(scene.anyone(), 'rewardPool', 'compensate', found?.id ?? anyRequest(scene))]
}

function pausing(scene: Scene): Call[] {
  const isPaused = scene.theatre.pool.gate.get(0n) === 2n
  const isSensible = scene.random.chance(60)
  const fn = isPaused === isSensible ? 'unpause' : 'pause'
  return [scene.call(fn === 'unpause' && isSensible ? scene.owner() : scene.holderOf(POWERS.pause), 'rewardPool', fn)]
}

/** Studies with their money, requests and their answers, claims and the end. */
export const poolMoves: readonly Move[] = [
  { weight: 3.5, make: opening },
  { weight: 3, make: funding },
  { weight: 20, make: asking },
  { weight: 24, make: settling },
  { weight: 4, make: refusing },
  { weight: 4, make: expiring },
  { weight: 5, make: claiming },
  { weight: 3, make: claimingMany },
  { weight: 3, make: claimingForOrganisation },
  { weight: 3, make: claimingPoolShare },
  { weight: 3, make: refunding },
  { weight: 6, make: closing },
  { weight: 5, make: compensating },
  { weight: 1.5, make: pausing },
  { weight: 6, make: (scene) => (scene.theatre.pool.gate.get(0n) === 2n ? [scene.call(scene.owner(), 'rewardPool', 'unpause')] : []) },
  { weight: 0.4, make: (scene) => [scene.call(scene.anyone(), 'rewardPool', 'dispute_opened', anyRequest(scene))] },
  {
    weight: 0.4,
    make: (scene) => [scene.call(scene.anyone(), 'rewardPool', 'dispute_resolved', anyRequest(scene), scene.random.chance(50))],
  },
]
