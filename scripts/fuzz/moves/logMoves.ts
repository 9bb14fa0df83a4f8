import type { BatchedEntry, Record as LogRecord, SingleEntry } from '../../../test/model/accessLog.ts'
import { batchedLeaf, DISPUTE, EMERGENCIES, KIND, placeOf } from '../../../test/model/accessLog.ts'
import { POWERS } from '../../../test/model/participants.ts'
import { pathOf, sparseTree } from '../../../test/model/tree.ts'
import type { Call } from '../../../test/model/world.ts'
import type { Scene } from '../scene.ts'
import type { Move } from './move.ts'

function desk(scene: Scene): bigint {
  return scene.operatorOf(scene.hospital())
}

function recordOf(scene: Scene): LogRecord {
  const { random } = scene
  if (random.chance(5)) return { kind: BigInt(random.between(0, 4)), reference: BigInt(random.between(0, 60)), digest: random.felt() }
  if (random.chance(30)) return { kind: KIND.emergency, reference: random.pick(EMERGENCIES), digest: random.felt() }
  return { kind: random.pick([KIND.access, KIND.refusal]), reference: 0n, digest: random.felt() }
}

function batching(scene: Scene): Call[] {
  const { random } = scene
  const patients = random.some([...new Set([scene.patient(), scene.patient(), scene.patient()])], 3)
  const leaves = patients.map((patient) => {
    const count = random.chance(3) ? 65 : random.between(1, 3)
    return { patient, salt: random.felt(), records: Array.from({ length: count }, () => recordOf(scene)) }
  })
  const tree = sparseTree(new Map(leaves.map(({ patient, salt, records }) => [placeOf(patient), batchedLeaf(patient, salt, records)])))
  scene.batches.push({ tree, leaves })
  return [scene.call(desk(scene), 'accessLog', 'append_batch', tree.root)]
}

/** A real entry with its real path, or one that has been tampered with in one case of eight. */
function singleOf(scene: Scene, patient: bigint): SingleEntry {
  const { random, theatre } = scene
  const mine = scene.entries.filter((each) => each.patient === patient)
  const { entry } = random.chance(95) && mine.length > 0 ? random.pick(mine) : random.pick(scene.entries)
  const path = pathOf(theatre.log.trees.get(patient), Number(entry.index) - 1)
  const whole = { ...entry, path }
  if (!random.chance(12)) return whole
  return random.pick([
    { ...whole, index: whole.index + 1n },
    { ...whole, path: [...path, 1n] },
    { ...whole, path: path.slice(1) },
    { ...whole, logged_at_s: whole.logged_at_s + 1n },
    { ...whole, record: { ...whole.record, reference: whole.record.reference + 1n } },
    { ...whole, record: { ...whole.record, kind: KIND.access } },
  ])
}

function disputingSingle(scene: Scene): Call[] {
  if (scene.entries.length === 0) return []
  const paid = scene.entries.filter(({ entry: { record } }) => record.kind === KIND.access && record.reference !== 0n)
  const patient = scene.random.chance(70) && paid.length > 0 ? scene.random.pick(paid).patient : scene.patient()
  const entry = scene.random.chance(60) && paid.length > 0 ? paidEntry(scene, patient) : singleOf(scene, patient)
  return [scene.call(patient, 'accessLog', 'dispute_single', entry, scene.random.chance(97) ? scene.random.felt() : 0n)]
}

/** A paid access of this patient, a late one rather than an early one: its study is open yet. */
function paidEntry(scene: Scene, patient: bigint): SingleEntry {
  const paid = scene.entries.filter(
    (each) => each.patient === patient && each.entry.record.kind === KIND.access && each.entry.record.reference !== 0n,
  )
  if (paid.length === 0) return singleOf(scene, patient)
  const { entry } = scene.random.pick(paid.slice(-6))
  return { ...entry, path: pathOf(scene.theatre.log.trees.get(patient), Number(entry.index) - 1) }
}

function disputingBatched(scene: Scene): Call[] {
  const { random, theatre } = scene
  const known = scene.batches.filter(({ place }) => place !== undefined)
  const batch = random.pickOr(known, undefined)
  if (batch?.place === undefined) return []
  const { patient, salt, records } = random.pick(batch.leaves)
  const { mask, siblings } = batch.tree.wayOf(placeOf(patient))
  const entry: BatchedEntry = {
    ...batch.place,
    batch_path: pathOf(theatre.log.trees.get(0n), Number(batch.place.batch) - 1),
    salt,
    records,
    which: BigInt(random.between(0, records.length - (random.chance(90) ? 1 : 0))),
    sibling_mask: mask,
    siblings,
  }
  const caller = random.chance(92) ? patient : scene.anyone()
  return [scene.call(caller, 'accessLog', 'dispute_batched', entry, random.chance(97) ? random.felt() : 0n)]
}

function resolving(scene: Scene): Call[] {
  const { random, theatre } = scene
  const open = scene.disputes.filter(({ patient, id }) => theatre.log.disputes.get(patient, id).state === DISPUTE.open)
  const dispute = random.chance(90) ? random.pickOr(open, undefined) : random.pickOr(scene.disputes, undefined)
  const { patient, id } = dispute ?? { patient: scene.patient(), id: random.felt() }
  return [scene.call(scene.holderOf(POWERS.arbitrate), 'accessLog', 'resolve', patient, id, random.chance(70))]
}

/** Entries, batches, disputes and their ends. */
export const logMoves: readonly Move[] = [
  {
    weight: 5,
    make: (scene) => [
      scene.call(
        desk(scene),
        'accessLog',
        'append',
        scene.patient(),
        scene.random.chance(92) ? BigInt(scene.random.between(1, 2)) : BigInt(scene.random.between(0, 5)),
        scene.random.felt(),
      ),
    ],
  },
  {
    weight: 3,
    make: (scene) => [
      scene.call(
        desk(scene),
        'accessLog',
        'append_emergency',
        scene.patient(),
        scene.random.chance(85) ? scene.random.pick(EMERGENCIES) : BigInt(scene.random.between(0, 255)),
        scene.random.felt(),
      ),
    ],
  },
  { weight: 2, make: batching },
  { weight: 8, make: disputingSingle },
  { weight: 2, make: disputingBatched },
  { weight: 6, make: resolving },
  {
    weight: 0.3,
    make: (scene) => [
      scene.call(
        scene.random.chance(50) ? scene.owner() : scene.anyone(),
        'accessLog',
        'set_pool',
        scene.random.chance(50) ? scene.anyone() : 0n,
      ),
    ],
  },
  {
    weight: 0.5,
    make: (scene) => [
      scene.call(scene.anyone(), 'accessLog', 'append_for', scene.hospital(), scene.patient(), KIND.access, 1n, scene.random.felt()),
    ],
  },
]
