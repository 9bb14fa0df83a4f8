import { hashOf, shortString } from './hashes.ts'
import { HOSPITAL, POWERS, type Register } from './participants.ts'
import { Table } from './table.ts'
import { pathOf, rootOf, sparseRoot } from './tree.ts'
import { upgradesModel } from './upgrades.ts'
import { type Contract, check, type World } from './world.ts'

export type Record = { kind: bigint; reference: bigint; digest: bigint }
export type SingleEntry = { index: bigint; hospital: bigint; record: Record; logged_at_s: bigint; path: readonly bigint[] }
export type BatchedEntry = {
  batch: bigint
  hospital: bigint
  root: bigint
  logged_at_s: bigint
  batch_path: readonly bigint[]
  salt: bigint
  records: readonly Record[]
  which: bigint
  sibling_mask: bigint
  siblings: readonly bigint[]
}
export type Dispute = { state: bigint; opened_at_s: bigint; request: bigint }

export const KIND = { access: 1n, refusal: 2n, emergency: 3n }
export const DISPUTE = { none: 0n, open: 1n, upheld: 2n, rejected: 3n }
/** BTG, DISASTER, ERTREAT, ETREAT, THREAT: what may be done without consent. */
export const EMERGENCIES: readonly bigint[] = [50n, 51n, 55n, 56n, 57n]
const MAX_RECORDS = 64
/** The tree of batches; those of patients are filed under their address. */
const BATCHES = 0n

/** The one place of a patient in every batch. */
export function placeOf(patient: bigint): bigint {
  return hashOf(shortString('MedSync.log.place.v2'), patient) % 2n ** 40n
}

/** Leaf of a patient in a batch. */
export function batchedLeaf(patient: bigint, salt: bigint, records: readonly Record[]): bigint {
  const said = records.flatMap(({ kind, reference, digest }) => [kind, reference, digest])
  return hashOf(shortString('MedSync.log.batched.v2'), patient, salt, BigInt(records.length), ...said)
}

/** The access log; it knows every leaf, and hashes the trees anew each time it is asked. */
export function accessLogModel(world: World, address: bigint, register: Register) {
  const { journal } = world
  const of =
    (fn: string) =>
    (...args: bigint[]) => ({ to: address, fn, args })
  const headOf = (tree = 0n) => (tree === BATCHES ? of('batches')() : of('log_of')(tree))
  const trees = new Table<readonly bigint[]>(journal, [], headOf)
  const disputes = new Table<Dispute>(journal, { state: DISPUTE.none, opened_at_s: 0n, request: 0n }, of('dispute_of'))
  const pools = new Table(journal, 0n, () => of('pool')())
  const emit = (name: string, fields: Parameters<World['emit']>[2]): void => world.emit(address, name, fields)

  const singleLeaf = (patient: bigint, { index, hospital, record, logged_at_s }: SingleEntry): bigint => {
    const { kind, reference, digest } = record
    const place = [world.chainId, address, patient, index, hospital]
    return hashOf(shortString('MedSync.log.leaf.v2'), ...place, kind, reference, digest, logged_at_s)
  }
  const batchLeaf = (index: bigint, hospital: bigint, root: bigint, loggedAtS: bigint): bigint =>
    hashOf(shortString('MedSync.log.batch.v2'), world.chainId, address, index, hospital, root, loggedAtS)
  const head = (tree: bigint) => ({ count: BigInt(trees.get(tree).length), root: rootOf(trees.get(tree)) })
  const includes = (tree: bigint, index: bigint, leaf: bigint, path: readonly bigint[]): boolean => {
    const leaves = trees.get(tree)
    if (index === 0n || index > BigInt(leaves.length)) return false
    const at = Number(index) - 1
    return leaves[at] === leaf && pathOf(leaves, at).join() === path.join()
  }
  const includesSingle = (patient: bigint, entry: SingleEntry): boolean =>
    patient !== 0n && includes(patient, entry.index, singleLeaf(patient, entry), entry.path)
  const includesBatched = (patient: bigint, entry: BatchedEntry): boolean => {
    const record = entry.records[Number(entry.which)]
    if (entry.records.length > MAX_RECORDS || record === undefined) return false
    const isPlain = (record.kind === KIND.access || record.kind === KIND.refusal) && record.reference === 0n
    if (!isPlain && !(record.kind === KIND.emergency && EMERGENCIES.includes(record.reference))) return false
    const leaf = batchedLeaf(patient, entry.salt, entry.records)
    const root = sparseRoot(leaf, placeOf(patient), entry.sibling_mask, entry.siblings)
    if (root === undefined || root !== entry.root) return false
    return includes(BATCHES, entry.batch, batchLeaf(entry.batch, entry.hospital, root, entry.logged_at_s), entry.batch_path)
  }
  const singleId = (patient: bigint, entry: SingleEntry): bigint =>
    hashOf(shortString('MedSync.log.id.v2'), 0n, 0n, singleLeaf(patient, entry))
  const batchedId = (patient: bigint, { batch, which, salt, records }: BatchedEntry): bigint =>
    hashOf(shortString('MedSync.log.id.v2'), batch, which, batchedLeaf(patient, salt, records))

  const hospitalOf = (caller: bigint): bigint => {
    const hospital = register.actingOrganisation(caller, HOSPITAL)
    check(hospital !== 0n, 'Log: not a hospital')
    return hospital
  }
  const write = (hospital: bigint, patient: bigint, record: Record): bigint => {
    check(patient !== 0n, 'Log: zero patient')
    check(record.digest !== 0n, 'Log: zero digest')
    const leaves = trees.get(patient)
    const index = BigInt(leaves.length) + 1n
    const leaf = singleLeaf(patient, { index, hospital, record, logged_at_s: world.nowS, path: [] })
    trees.set([patient], [...leaves, leaf])
    emit('EntryAppended', { patient, hospital, index, ...record, logged_at_s: world.nowS })
    return index
  }
  const open = (patient: bigint, hospital: bigint, id: bigint, request: bigint, statement: bigint): void => {
    check(statement !== 0n, 'Log: zero statement')
    check(disputes.get(patient, id).state === DISPUTE.none, 'Log: already disputed')
    disputes.set([patient, id], { state: DISPUTE.open, opened_at_s: world.nowS, request })
    emit('DisputeOpened', { patient, hospital, entry_id: id, request, statement })
    if (request !== 0n) world.ask(address, pools.get(0n), 'dispute_opened', [request])
  }
  const isAnswer = (kind: bigint): boolean => kind === KIND.access || kind === KIND.refusal

  const functions: Contract['functions'] = {
    ...upgradesModel(world, address, register.owner),
    log_of: (_, patient: bigint) => head(patient),
    batches: () => head(BATCHES),
    includes_single: (_, patient: bigint, entry: SingleEntry) => includesSingle(patient, entry),
    includes_batched: (_, patient: bigint, entry: BatchedEntry) => includesBatched(patient, entry),
    single_id: (_, patient: bigint, entry: SingleEntry) => singleId(patient, entry),
    batched_id: (_, patient: bigint, entry: BatchedEntry) => batchedId(patient, entry),
    dispute_of: (_, patient: bigint, id: bigint) => disputes.get(patient, id),
    pool: () => pools.get(0n),
    append: (caller, patient: bigint, kind: bigint, digest: bigint) => {
      const hospital = hospitalOf(caller)
      check(isAnswer(kind), 'Log: unknown kind')
      return write(hospital, patient, { kind, reference: 0n, digest })
    },
    append_emergency: (caller, patient: bigint, reason: bigint, digest: bigint) => {
      const hospital = hospitalOf(caller)
      check(EMERGENCIES.includes(reason), 'Log: no emergency reason')
      return write(hospital, patient, { kind: KIND.emergency, reference: reason, digest })
    },
    append_batch: (caller, root: bigint) => {
      const hospital = hospitalOf(caller)
      check(root !== 0n, 'Log: zero root')
      const leaves = trees.get(BATCHES)
      const index = BigInt(leaves.length) + 1n
      trees.set([BATCHES], [...leaves, batchLeaf(index, hospital, root, world.nowS)])
      emit('BatchAppended', { hospital, index, root, logged_at_s: world.nowS })
      return index
    },
    append_for: (caller, hospital: bigint, patient: bigint, kind: bigint, request: bigint, digest: bigint) => {
      check(caller === pools.get(0n), 'Log: not the pool')
      check(isAnswer(kind), 'Log: unknown kind')
      return write(hospital, patient, { kind, reference: request, digest })
    },
    dispute_single: (patient, entry: SingleEntry, statement: bigint) => {
      check(includesSingle(patient, entry), 'Log: not in the log')
      const request = entry.record.kind === KIND.access ? entry.record.reference : 0n
      open(patient, entry.hospital, singleId(patient, entry), request, statement)
      return []
    },
    dispute_batched: (patient, entry: BatchedEntry, statement: bigint) => {
      check(includesBatched(patient, entry), 'Log: not in the log')
      open(patient, entry.hospital, batchedId(patient, entry), 0n, statement)
      return []
    },
    resolve: (caller, patient: bigint, id: bigint, isUpheld: boolean) => {
      check(register.hasPower(caller, POWERS.arbitrate), 'Log: not an arbiter')
      const dispute = disputes.get(patient, id)
      check(dispute.state !== DISPUTE.none, 'Log: not disputed')
      check(dispute.state === DISPUTE.open, 'Log: dispute ended')
      disputes.set([patient, id], { ...dispute, state: isUpheld ? DISPUTE.upheld : DISPUTE.rejected })
      emit('DisputeResolved', { patient, entry_id: id, is_upheld: isUpheld })
      if (dispute.request !== 0n) world.ask(address, pools.get(0n), 'dispute_resolved', [dispute.request, isUpheld])
      return []
    },
    set_pool: (caller, pool: bigint) => {
      check(caller === register.owner(), 'Log: not the owner')
      check(pools.get(0n) === 0n, 'Log: pool already set')
      check(pool !== 0n, 'Log: zero pool')
      pools.set([0n], pool)
      emit('PoolSet', { pool })
      return []
    },
  }
  return world.add({ address, kind: 'accessLog', functions, trees, disputes, singleId, batchedId })
}
