import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BatchedPatient,
  type BatchLink,
  batchedId,
  batchLeaf,
  isInclusion,
  MAX_RECORDS,
  makeBatch,
  type SparseProof,
  verifyBatchProof,
  verifyCompleteness,
  type WholeLog,
} from './batches.ts'
import { felt, STARK_PRIME, ZERO } from './ids.ts'
import { singleLeaf, treeRoot } from './logTree.ts'
import { purposeOf } from './purposes.ts'

const BTG = purposeOf('BTG').index
const anyFelt = fc.bigInt({ min: 1n, max: STARK_PRIME - 1n }).map((value) => felt(value))
const anyRecord = fc.oneof(
  fc.record({ kind: fc.constantFrom(1, 2), reference: fc.constant(0), digest: anyFelt }),
  fc.record({ kind: fc.constant(3), reference: fc.constantFrom(BTG, purposeOf('THREAT').index), digest: anyFelt }),
)
const anyPatients: fc.Arbitrary<BatchedPatient[]> = fc.uniqueArray(
  fc.record({ patient: anyFelt, salt: anyFelt, records: fc.array(anyRecord, { minLength: 1, maxLength: 4 }) }),
  { minLength: 1, maxLength: 6, selector: ({ patient }) => patient },
)
const said = (patient: number, records = 1): BatchedPatient => ({
  patient: felt(patient),
  salt: felt(patient + 1_000),
  records: Array.from({ length: records }, (_, index) => ({ kind: 1, reference: 0, digest: felt(index + 1) })),
})

describe('makeBatch', () => {
  test('proves to everyone what it says of them, and to others that it says nothing', () => {
    fc.assert(
      fc.property(anyPatients, anyFelt, (patients, other) => {
        fc.pre(patients.every(({ patient }) => patient !== other))
        const { root, proofOf } = makeBatch(patients)
        for (const one of patients) {
          const proof = proofOf(one.patient)
          expect(proof).toMatchObject(one)
          expect(verifyBatchProof(root, proof)).toBe(true)
          const { siblingMask, siblings, patient } = proof
          expect(verifyBatchProof(root, { patient, siblingMask, siblings })).toBe(false)
          expect(verifyBatchProof(root, { ...proof, patient: other })).toBe(false)
          expect(verifyBatchProof(root, { ...one, salt: other, siblingMask, siblings })).toBe(false)
          expect(verifyBatchProof(root, { ...one, records: [...one.records, ...one.records], siblingMask, siblings })).toBe(false)
        }
        const absence = proofOf(other)
        expect(isInclusion(absence)).toBe(false)
        expect(verifyBatchProof(root, absence)).toBe(true)
        expect(verifyBatchProof(felt(1), absence)).toBe(false)
        expect(verifyBatchProof(root, { ...absence, salt: felt(1), records: said(1).records })).toBe(false)
      }),
      { seed: 42, numRuns: 12 },
    )
  }, 60_000)

  test('every change of the way up leads elsewhere', () => {
    const { root, proofOf } = makeBatch(Array.from({ length: 20 }, (_, patient) => said(patient + 1)))
    for (const proof of [proofOf(felt(3)), proofOf(felt(77))]) {
      const [first = ZERO] = proof.siblings
      const bad: SparseProof[] = [
        ...Array.from({ length: 41 }, (_, height) => ({ ...proof, siblingMask: proof.siblingMask ^ (1n << BigInt(height)) })),
        { ...proof, siblings: proof.siblings.slice(1) },
        { ...proof, siblings: proof.siblings.toReversed() },
        { ...proof, siblings: [...proof.siblings, first] },
        { ...proof, siblings: [ZERO, ...proof.siblings.slice(1)] },
      ]
      expect(verifyBatchProof(root, proof)).toBe(true)
      expect(bad.filter((each) => verifyBatchProof(root, each))).toEqual([])
    }
  })

  test('the order of patients does not matter, that of records does', () => {
    const [one, other] = [said(1, 2), said(2)]
    expect(makeBatch([one, other]).root).toBe(makeBatch([other, one]).root)
    expect(makeBatch([{ ...one, records: one.records.toReversed() }, other]).root).not.toBe(makeBatch([one, other]).root)
  })

  test.each<[string, BatchedPatient[]]>([
    ['log/malformed-record', []],
    ['log/malformed-record', [{ ...said(1), records: [] }]],
    ['log/malformed-record', [said(1, MAX_RECORDS + 1)]],
    ['log/malformed-record', [{ ...said(1), records: [{ kind: 1, reference: 7, digest: felt(1) }] }]],
    ['log/malformed-record', [{ ...said(1), records: [{ kind: 3, reference: purposeOf('TREAT').index, digest: felt(1) }] }]],
    ['log/malformed-record', [{ ...said(1), records: [{ kind: 4, reference: 0, digest: felt(1) }] }]],
    ['log/zero-salt', [{ ...said(1), salt: ZERO }]],
    ['log/place-taken', [said(1), said(1)]],
  ])('error: %s', (code, patients) => {
    expect(() => makeBatch(patients)).toThrow(expect.objectContaining({ name: 'BatchError', code }))
  })
})

describe('verifyCompleteness', () => {
  const place = { chainId: felt(1), accessLog: felt(2), patient: felt(3) }
  const singles = [1, 2, 3].map((index) => ({ index, hospital: felt(1), kind: 1, reference: 0, digest: felt(index), loggedAtS: index }))
  const made = [makeBatch([said(3, 2), said(4)]), makeBatch([said(5)]), makeBatch([said(3)])]
  const links = made.map(({ root }, place): BatchLink => ({ index: place + 1, hospital: felt(1), root, loggedAtS: 9 }))
  const whole: WholeLog = {
    singles,
    log: { count: 3, root: treeRoot(singles.map((link) => singleLeaf(place, link))), place },
    batches: {
      links,
      head: { count: 3, root: treeRoot(links.map((link) => batchLeaf(place, link))) },
      proofs: made.map(({ proofOf }) => proofOf(place.patient)),
    },
  }

  test('takes the whole list, also when entries came in batches, and an empty one', () => {
    verifyCompleteness(whole)
    const empty = { count: 0, root: ZERO }
    verifyCompleteness({ singles: [], log: { ...empty, place }, batches: { links: [], head: empty, proofs: [] } })
  })

  const { batches } = whole
  const [first, second, third] = batches.proofs
  const hiding = (proof: SparseProof | undefined) => ({
    patient: place.patient,
    siblingMask: proof?.siblingMask ?? 0n,
    siblings: proof?.siblings ?? [],
  })
  const proofs = (...list: (SparseProof | undefined)[]) => ({
    ...whole,
    batches: { ...batches, proofs: list.flatMap((proof) => proof ?? []) },
  })
  const others = (changed: Partial<BatchLink>) => ({
    ...whole,
    batches: { ...batches, links: links.map((link) => (link.index === 2 ? { ...link, ...changed } : link)) },
  })
  test.each<[string, WholeLog]>([
    ['a single entry left out', { ...whole, singles: singles.slice(1) }],
    ['a batch left out', { ...whole, batches: { ...batches, links: links.slice(0, 2), proofs: batches.proofs.slice(0, 2) } }],
    ['a batch without its proof', proofs(first, second)],
    ['a proof too many', proofs(first, second, third, third)],
    ['proofs in another order', proofs(third, second, first)],
    ['absence told where there is an entry', proofs(hiding(first), second, third)],
    ['the proof of another patient', proofs(made[0]?.proofOf(felt(4)), second, third)],
    ['the absence of another patient', proofs(first, made[1]?.proofOf(felt(4)), third)],
    ['a batch of another root', others({ root: made[0]?.root ?? ZERO })],
    ['a batch of another hospital', others({ hospital: felt(2) })],
    ['a batch of another time', others({ loggedAtS: 10 })],
    ['a batch of another number', others({ index: 4 })],
  ])('error: %s', (_, list) => {
    expect(() => verifyCompleteness(list)).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
  })

  test('error: one record of a batch left out', () => {
    if (first === undefined || !isInclusion(first)) throw new RangeError('the first batch has the patient')
    const short = { ...first, records: first.records.slice(1) }
    expect(() => verifyCompleteness(proofs(short, second, third))).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
  })

  test('each record of each batch is disputed under an id of its own', () => {
    const ids = [batchedId(1, 0, said(3, 2)), batchedId(1, 1, said(3, 2)), batchedId(2, 0, said(3, 2)), batchedId(1, 0, said(3))]
    expect(new Set(ids).size).toBe(4)
  })
})
