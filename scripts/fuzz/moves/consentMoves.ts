import { type Order, STATUS } from '../../../test/model/consents.ts'
import { orderHash } from '../../../test/model/orders.ts'
import { pathOf, rootOf } from '../../../test/model/tree.ts'
import type { Call, Value } from '../../../test/model/world.ts'
import { DAY_S, type KnownConsent, MINUTE_S, type Scene } from '../scene.ts'
import type { Move } from './move.ts'

const PURPOSES = [36n, 38n, 39n, 42n, 52n, 2n]

/** Makes up a consent; nobody has granted it yet. */
export function draft(scene: Scene, patient: bigint, wanted: { grantee?: bigint; purpose?: bigint } = {}): KnownConsent {
  const { random } = scene
  const isWanted = wanted.grantee !== undefined
  const notBeforeS =
    isWanted || random.chance(85) ? scene.nowS - BigInt(random.between(0, 90_000)) : scene.nowS + BigInt(random.between(1, 90_000))
  const opening = {
    grantee: wanted.grantee ?? (random.chance(90) ? scene.office() : random.felt()),
    grantee_salt: random.felt(),
    purposes: (1n << (wanted.purpose ?? random.pick(PURPOSES))) | (1n << random.pick(PURPOSES)),
    purposes_salt: random.felt(),
    not_before_s: notBeforeS,
    expires_at_s: notBeforeS + BigInt(random.between(isWanted ? 200_000 : 1, 4_000_000)),
    period_salt: random.felt(),
    data: random.felt(),
    membership: { index: 0n, path: [] },
  }
  const commitment = scene.commitmentOf(patient, opening)
  const consent = { patient, commitment, opening, root: commitment }
  scene.consents.push(consent)
  return consent
}

/** Several consents of one patient under one root. */
function bundle(scene: Scene, patient: bigint): KnownConsent[] {
  const count = 2 ** scene.random.between(1, 2)
  const members = Array.from({ length: count }, () => draft(scene, patient))
  scene.consents.splice(-count)
  const leaves = members.map(({ commitment }) => commitment)
  const root = rootOf(leaves)
  const placed = members.map((member, at) => ({
    ...member,
    root,
    opening: { ...member.opening, membership: { index: BigInt(at), path: pathOf(leaves, at) } },
  }))
  scene.consents.push(...placed)
  return placed
}

/** Consents of a patient whose root stands now. */
function active(scene: Scene, patient: bigint): KnownConsent[] {
  return scene.consents.filter(
    (each) => each.patient === patient && scene.theatre.registry.states.get(patient, each.root).status === STATUS.active,
  )
}

function anyOf(scene: Scene, patient: bigint): KnownConsent {
  const known = scene.consents.filter((each) => each.patient === patient)
  return known.length === 0 ? draft(scene, patient) : scene.random.pick(known)
}

/** A root that can be ended, or some other in one case of six. */
function target(scene: Scene, patient: bigint): bigint {
  const standing = active(scene, patient)
  return scene.random.chance(15) || standing.length === 0 ? anyOf(scene, patient).root : scene.random.pick(standing).root
}

function orderOf(scene: Scene, patient: bigint): Order {
  const { random } = scene
  if (random.chance(3)) return { revoke: [], replace: [], grant: [] }
  if (random.chance(0.5)) return { revoke: [], replace: [], grant: Array.from({ length: 301 }, (_, at) => BigInt(at + 1)) }
  const roots = [...new Set(active(scene, patient).map(({ root }) => root))]
  const [gone = [], old = []] = [random.some(roots, random.between(0, 1)), random.some(roots, random.between(0, 1))]
  return {
    revoke: gone,
    replace: old.map((each) => ({ old: each, new: draft(scene, patient).root })),
    grant: Array.from({ length: random.between(0, 3) }, () =>
      random.chance(30) ? (bundle(scene, patient)[0]?.root ?? 1n) : draft(scene, patient).root,
    ),
  }
}

/** A guardian of the patient in time or out of it since now, or whoever is called that. */
function guardianOf(scene: Scene, patient: bigint): bigint {
  const { guardians } = scene.theatre.registry
  const named = guardians.rows().filter(({ key: [of], row }) => of === patient && row >= scene.nowS)
  return scene.random.pickOr(
    named.map(({ key }) => key[1] ?? 0n).filter((each) => scene.theatre.puppets.has(each)),
    scene.actor('guardian'),
  )
}

function signed(scene: Scene): Call[] {
  const { random, theatre } = scene
  const patient = scene.patient()
  const signer = random.chance(70) ? patient : guardianOf(scene, patient)
  const order = orderOf(scene, patient)
  const nonce = theatre.registry.nonces.get(signer) + (random.chance(10) ? BigInt(random.between(0, 2)) : 0n)
  const deadlineS = random.chance(8) ? scene.nowS - BigInt(random.between(0, 9)) : scene.nowS + BigInt(random.between(1, 100_000))
  const hash = orderHash({
    chainId: scene.addresses.chainId,
    registry: scene.contract('consentRegistry'),
    patient,
    signer,
    order: random.chance(5) ? { ...order, grant: [...order.grant, 99n] } : order,
    nonce,
    deadlineS,
  })
  const signature = random.chance(92) ? [hash] : random.pick([[], [hash, hash], [hash + 1n]])
  const args: Value[] = [patient, signer, order, nonce, deadlineS, signature]
  const call = scene.call(scene.anyone(), 'consentRegistry', 'submit_signed', ...args)
  // Brought twice, it must be worth nothing the second time.
  return random.chance(10) ? [call, call] : [call]
}

function reaction(scene: Scene): { to: bigint; fn: string; args: Value[] } {
  const { random } = scene
  const patient = scene.patient()
  const registry = { to: scene.contract('consentRegistry') }
  return random.pick([
    { to: 0n, fn: 'nothing', args: [] },
    { ...registry, fn: 'burn_nonces', args: [BigInt(random.between(1, 20))] },
    { ...registry, fn: 'grant', args: [random.chance(50) ? anyOf(scene, patient).root : random.felt()] },
    { ...registry, fn: 'revoke', args: [target(scene, patient)] },
  ])
}

function burning(scene: Scene): Call[] {
  const signer = scene.anyone()
  const ahead = scene.random.pick([1n, 1n, 1n, 2n, 7n, 0n, 1_000_000n, 1_000_001n])
  return [scene.call(signer, 'consentRegistry', 'burn_nonces', scene.theatre.registry.nonces.get(signer) + ahead)]
}

/** Grants, changes and revocations, by patients, guardians, bundles and signatures. */
export const consentMoves: readonly Move[] = [
  {
    weight: 8,
    make: (scene) => ((patient) => [scene.call(patient, 'consentRegistry', 'grant', draft(scene, patient).root)])(scene.patient()),
  },
  {
    weight: 2,
    make: (scene) => ((patient) => [scene.call(patient, 'consentRegistry', 'grant', anyOf(scene, patient).root)])(scene.patient()),
  },
  {
    weight: 2,
    make: (scene) => ((patient) => [scene.call(patient, 'consentRegistry', 'grant', anyOf(scene, patient).commitment)])(scene.patient()),
  },
  {
    weight: 5,
    make: (scene) =>
      ((patient) => [scene.call(patient, 'consentRegistry', 'grant', bundle(scene, patient)[0]?.root ?? 1n)])(scene.patient()),
  },
  { weight: 6, make: replacing },
  {
    weight: 6,
    make: (scene) => ((patient) => [scene.call(patient, 'consentRegistry', 'revoke', target(scene, patient))])(scene.patient()),
  },
  { weight: 6, make: revokingMember },
  { weight: 6, make: submitting },
  { weight: 8, make: signed },
  { weight: 1, make: burning },
  { weight: 3, make: naming },
  {
    weight: 2,
    make: (scene) =>
      ((patient) => [scene.call(patient, 'consentRegistry', 'dismiss_guardian', guardianOf(scene, patient))])(scene.patient()),
  },
  {
    weight: 2,
    make: (scene) => [
      {
        from: scene.anyone(),
        to: scene.random.chance(50) ? scene.patient() : scene.actor('guardian'),
        fn: 'set_manner',
        args: [scene.random.chance(65) ? 0n : BigInt(scene.random.between(1, 7))],
      },
    ],
  },
  {
    weight: 1.5,
    make: (scene) => [
      {
        from: scene.anyone(),
        to: scene.random.chance(70) ? scene.patient() : scene.actor('guardian'),
        fn: 'set_reaction',
        args: [reaction(scene)],
      },
    ],
  },
  { weight: 6, make: deciding },
]

function replacing(scene: Scene): Call[] {
  const patient = scene.patient()
  const next = scene.random.chance(90) ? draft(scene, patient) : anyOf(scene, patient)
  return [scene.call(patient, 'consentRegistry', 'replace', target(scene, patient), next.root)]
}

function revokingMember(scene: Scene): Call[] {
  const patient = scene.patient()
  const members = active(scene, patient).filter(({ root, commitment }) => root !== commitment)
  const { commitment, opening } = scene.random.chance(85) && members.length > 0 ? scene.random.pick(members) : anyOf(scene, patient)
  const { index, path } = opening.membership
  const membership = scene.random.chance(6)
    ? scene.random.pick([
        { index: index + 2n ** 16n, path },
        { index, path: Array(17).fill(1n) },
        { index, path: path.slice(1) },
      ])
    : { index, path }
  const caller = scene.random.chance(75) ? patient : guardianOf(scene, patient)
  return [scene.call(caller, 'consentRegistry', 'revoke_member', patient, commitment, membership)]
}

function submitting(scene: Scene): Call[] {
  const patient = scene.patient()
  const caller = scene.random.chance(60) ? patient : guardianOf(scene, patient)
  return [scene.call(caller, 'consentRegistry', 'submit', patient, orderOf(scene, patient))]
}

function naming(scene: Scene): Call[] {
  const { random } = scene
  const patient = scene.patient()
  const guardian = random.chance(60) ? scene.actor('guardian') : scene.anyone()
  const untilS = random.chance(10)
    ? random.pick([scene.nowS, scene.nowS - 1n, scene.nowS + 630_720_000n, scene.nowS + 630_720_001n])
    : scene.nowS + BigInt(random.between(1, 30)) * (random.chance(50) ? DAY_S : MINUTE_S)
  return [scene.call(patient, 'consentRegistry', 'name_guardian', guardian, untilS)]
}

function deciding(scene: Scene): Call[] {
  const { random } = scene
  const { patient, opening } = anyOf(scene, scene.patient())
  const grantee = random.chance(80) ? opening.grantee : scene.office()
  const purpose = random.chance(90) ? random.pick(PURPOSES) : BigInt(random.between(0, 61))
  return [scene.call(scene.anyone(), 'consentRegistry', 'decide', patient, opening, grantee, purpose)]
}
