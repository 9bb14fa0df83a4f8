import { ENTRY_KINDS, type EntryLink } from './entries.ts'
import { BatchError, IncompleteLogError } from './errors.ts'
import { DOMAINS, poseidon, treeNode } from './hash.ts'
import { type Felt, ZERO } from './ids.ts'
import { type LogPlace, type PatientLog, type TreeHead, verifyEntries, verifyLeaves } from './logTree.ts'
import { isEmergencyPurpose } from './purposes.ts'

/*
 * A batch is a sparse Merkle tree with one place for each patient, so that a patient can prove what a batch says of them, and also that it
 * says nothing. All batches of all hospitals stand in one append-only tree on chain.
 */

/** What one entry of a batch says; hospital and time come with the batch. */
export type EntryRecord = {
  readonly kind: number
  /** The reason of an emergency; 0 for the rest: a batch's record cannot name a request. */
  readonly reference: number
  readonly digest: Felt
}

/** What a batch says of one patient. The salt keeps others from finding out by guessing who is in it. */
export type BatchedPatient = { readonly patient: Felt; readonly salt: Felt; readonly records: readonly EntryRecord[] }

/** The way up from one place: levels from the leaf up whose sibling is not empty, one bit each, and those siblings. */
type WayUp = { readonly siblingMask: bigint; readonly siblings: readonly Felt[] }
/** Proves that a batch says exactly this of a patient. */
export type InclusionProof = BatchedPatient & WayUp
/** Proves that a batch says nothing of a patient. */
export type AbsenceProof = { readonly patient: Felt } & WayUp
export type SparseProof = InclusionProof | AbsenceProof

/** A batch that can be written (`root`) and proven to every patient, in it or not. */
export type Batch = { readonly root: Felt; proofOf(patient: Felt): SparseProof }

/** One batch, as the `BatchAppended` event tells it. */
export type BatchLink = { readonly index: number; readonly hospital: Felt; readonly root: Felt; readonly loggedAtS: number }

/** An entry of a batch with its whole way up, as the contract's `BatchedEntry` takes it. */
export type BatchedEntry = BatchLink & {
  /** `treePath` in the tree of batches. */ readonly batchPath: readonly Felt[]
  readonly proof: InclusionProof
  /** Which of the patient's records, from 0. */
  readonly which: number
}

/** Records of one patient in one batch. */
export const MAX_RECORDS = 64
const LEVELS = 40

/**
 * Makes a batch: any number of patients, each with all that it says of them.
 * @throws {BatchError} Nobody is in it, one is twice, two share a place (about 1 in 2^40 pairs), a salt is zero, or a record cannot stand in a batch.
 */
export function makeBatch(patients: readonly BatchedPatient[]): Batch {
  if (patients.length === 0) throw new BatchError('log/malformed-record')
  const byPatient = new Map(patients.map((one) => [one.patient, one]))
  let level = new Map(patients.map((one) => [placeOf(one.patient), batchedLeaf(checked(one))]))
  if (level.size !== patients.length) throw new BatchError('log/place-taken')
  const levels: Map<number, Felt>[] = []
  for (let height = 0; height < LEVELS; height++) {
    levels.push(level)
    level = levelAbove(level)
  }
  return { root: level.get(0) ?? ZERO, proofOf }

  function proofOf(patient: Felt): SparseProof {
    const siblings: Felt[] = []
    let siblingMask = 0n
    let place = placeOf(patient)
    levels.forEach((nodes, height) => {
      const sibling = nodes.get(place % 2 === 0 ? place + 1 : place - 1)
      if (sibling !== undefined) {
        siblingMask |= 1n << BigInt(height)
        siblings.push(sibling)
      }
      place = Math.floor(place / 2)
    })
    return { ...(byPatient.get(patient) ?? { patient }), siblingMask, siblings }
  }
}

/** Whether a batch says exactly this of the patient, or nothing; false for whatever the contract would not take either. */
export function verifyBatchProof(root: Felt, proof: SparseProof): boolean {
  if (!isInclusion(proof)) return sparseRoot(ZERO, proof) === root
  return areRecords(proof.records) && sparseRoot(batchedLeaf(proof), proof) === root
}

/** Whether a proof says that the patient is in the batch. */
export function isInclusion(proof: SparseProof): proof is InclusionProof {
  return 'records' in proof
}

/** Leaf of a batch in the tree of batches. */
export function batchLeaf({ chainId, accessLog }: Pick<LogPlace, 'chainId' | 'accessLog'>, batch: BatchLink): Felt {
  return poseidon(DOMAINS.logBatch, chainId, accessLog, batch.index, batch.hospital, batch.root, batch.loggedAtS)
}

/** Leaf of a patient in a batch: salted, with all that the batch says of them. */
export function batchedLeaf({ patient, salt, records }: BatchedPatient): Felt {
  const said = records.flatMap(({ kind, reference, digest }) => [kind, reference, digest])
  return poseidon(DOMAINS.logBatched, patient, salt, records.length, ...said)
}

/** What a dispute of a batched entry is filed under. */
export function batchedId(batch: number, which: number, said: BatchedPatient): Felt {
  return poseidon(DOMAINS.logId, batch, which, batchedLeaf(said))
}

/** All that a patient must have been given: single entries, every batch, and for each batch what it says of them. */
export type WholeLog = {
  readonly singles: readonly EntryLink[]
  /** Head of the patient's tree as the contract keeps it. */
  readonly log: PatientLog
  readonly batches: {
    readonly links: readonly BatchLink[]
    /** Head of the tree of batches as the contract keeps it. */
    readonly head: TreeHead
    /** One for each link, in the same order. */
    readonly proofs: readonly SparseProof[]
  }
}

/**
 * Checks from the chain's two tree heads alone that a patient was given everything: no single entry, no batch and no record of a batch is
 * missing, changed or made up.
 * @throws {IncompleteLogError} Something is.
 */
export function verifyCompleteness({ singles, log, batches: { links, head, proofs } }: WholeLog): void {
  verifyEntries(singles, log)
  const leaves = links.map((link) => batchLeaf(log.place, link))
  verifyLeaves(links, leaves, head)
  const areProven = links.every(({ root }, position) => {
    const proof = proofs[position]
    return proof !== undefined && proof.patient === log.place.patient && verifyBatchProof(root, proof)
  })
  if (proofs.length !== links.length || !areProven) throw new IncompleteLogError('log/incomplete')
}

/** The one place of a patient in every batch: the lowest 40 bits of a hash. */
function placeOf(patient: Felt): number {
  return Number(BigInt.asUintN(LEVELS, BigInt(poseidon(DOMAINS.logPlace, patient))))
}

/** Root of the sparse tree in which `leaf` stands at the patient's place; undefined when mask and siblings do not fit each other. */
export function sparseRoot(leaf: Felt, { patient, siblingMask, siblings }: AbsenceProof): Felt | undefined {
  const rest = [...siblings]
  let [hash, side, full] = [leaf, placeOf(patient), siblingMask]
  for (let height = 0; height < LEVELS; height++) {
    const sibling = full % 2n === 0n ? ZERO : rest.shift()
    if (sibling === undefined || (full % 2n !== 0n && sibling === ZERO)) return undefined
    hash = side % 2 === 0 ? sparseNode(hash, sibling) : sparseNode(sibling, hash)
    side = Math.floor(side / 2)
    full /= 2n
  }
  return full === 0n && rest.length === 0 ? hash : undefined
}

/** Nothing beside nothing is nothing: most of a sparse tree is empty. */
function sparseNode(left: Felt, right: Felt): Felt {
  return left === ZERO && right === ZERO ? ZERO : treeNode(left, right)
}

function levelAbove(level: ReadonlyMap<number, Felt>): Map<number, Felt> {
  const places = new Set([...level.keys()].map((place) => Math.floor(place / 2)))
  return new Map([...places].map((place) => [place, sparseNode(level.get(2 * place) ?? ZERO, level.get(2 * place + 1) ?? ZERO)]))
}

function checked(one: BatchedPatient): BatchedPatient {
  if (one.salt === ZERO) throw new BatchError('log/zero-salt')
  if (!areRecords(one.records)) throw new BatchError('log/malformed-record')
  return one
}

function areRecords(records: readonly EntryRecord[]): boolean {
  return records.length > 0 && records.length <= MAX_RECORDS && records.every(isRecord)
}

function isRecord({ kind, reference }: EntryRecord): boolean {
  if (kind === ENTRY_KINDS.emergency) return isEmergencyPurpose(reference)
  return (kind === ENTRY_KINDS.access || kind === ENTRY_KINDS.refusal) && reference === 0
}
