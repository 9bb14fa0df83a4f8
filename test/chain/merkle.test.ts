import {
  batchedArguments,
  callOf,
  eventShapes,
  membershipArguments,
  openingArguments,
  orderArguments,
  readBatches,
  readConsentState,
  readConsentStateIn,
  readDecision,
  readIncludesBatched,
  readIncludesSingle,
  readPatientLog,
  revokeMemberCalls,
  singleArguments,
} from '@medsync/chain'
import {
  ADDRESS_END,
  account,
  type Batch,
  type BatchedEntry,
  type BatchedPatient,
  type BatchLink,
  batchedId,
  batchedLeaf,
  batchLeaf,
  type Commitment,
  commitConsent,
  deriveSalts,
  type EntryLink,
  type Felt,
  felt,
  grantedAs,
  type InclusionProof,
  isInclusion,
  MAX_RECORDS,
  type Membership,
  makeBatch,
  makeBundle,
  newConsentNonce,
  orderHash,
  orderTypedData,
  poseidon,
  purposeOf,
  type SingleEntry,
  STARK_PRIME,
  singleEntries,
  singleId,
  singleLeaf,
  slugToOrganisationId,
  sparseRoot,
  treePath,
  treeRoot,
  verifyBatchProof,
  verifyCompleteness,
  verifyEntries,
  verifyLeaves,
  ZERO,
} from '@medsync/protocol'
import fc from 'fast-check'
import { typedData } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

// The trees, bundles and orders of packages/protocol against the contracts: both must say the same, of what is there and of what is not.

const SEED = 42
const GATEWAYS = ['Gateway of Mercy General', 'Gateway of St. Clare'] as const
const anyFelt = fc.bigInt({ min: 1n, max: STARK_PRIME - 1n }).map((value) => felt(value))
const anyAddress = fc.bigInt({ min: 1n, max: ADDRESS_END - 1n }).map((value) => account(value))

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

const other = (value: Felt): Felt => felt((BigInt(value) + 1n) % STARK_PRIME)
const log = (patient: Felt) => readPatientLog(stage.deployment, patient)
const place = (patient: Felt) => ({
  chainId: stage.deployment.chainId,
  accessLog: stage.deployment.contracts.accessLog,
  patient,
})
const appendCall = (patient: Felt, digest: Felt, kind = 1) => callOf(stage.deployment, 'accessLog', 'append', [patient, kind, digest])

/** Entries as the events of a transaction tell them. */
const linksOf = ({ events }: { events: { type: string }[] }): EntryLink[] =>
  events.filter(({ type }) => type === 'EntryAppended').map((event) => eventShapes.EntryAppended.parse(event))

/** Each way in which a proof of a single entry can be wrong. */
function wrongSingles(entry: SingleEntry): SingleEntry[] {
  const { path } = entry
  return [
    { ...entry, index: entry.index + 1 },
    { ...entry, index: entry.index - 1 },
    { ...entry, index: 0 },
    { ...entry, index: entry.index + 64 },
    { ...entry, hospital: other(entry.hospital) },
    { ...entry, kind: entry.kind === 1 ? 2 : 1 },
    { ...entry, reference: entry.reference + 1 },
    { ...entry, digest: other(entry.digest) },
    { ...entry, loggedAtS: entry.loggedAtS + 1 },
    { ...entry, path: [...path, felt(1)] },
    { ...entry, path: path.slice(1) },
    { ...entry, path: path.slice(0, -1) },
    { ...entry, path: path.toReversed() },
    ...path.map((sibling, height) => ({ ...entry, path: path.with(height, other(sibling)) })),
  ].filter((wrong) => JSON.stringify(wrong) !== JSON.stringify(entry))
}

describe('the tree of single entries', () => {
  test('a growing log has the root of TypeScript at every size to 70, and every entry is found in it at every size', {
    timeout: 240_000,
  }, async () => {
    const patient = felt(0x7001)
    const [links, leaves]: [EntryLink[], Felt[]] = [[], []]
    for (let size = 1; size <= 70; size++) {
      const gateway = GATEWAYS[size % 2] ?? GATEWAYS[0]
      links.push(...linksOf(await stage.sendCalls(gateway, [appendCall(patient, felt(size % 7 || 1), (size % 2) + 1)])))
      const leaf = links.at(-1)
      if (leaf !== undefined) leaves.push(singleLeaf(place(patient), leaf))
      verifyLeaves(links, leaves, await log(patient))
      const found = await Promise.all(
        singleEntries(place(patient), links).map((entry) => readIncludesSingle(stage.deployment, patient, entry)),
      )
      expect(found).toEqual(links.map(() => true))
    }
    expect(links.map(({ index }) => index)).toEqual(Array.from({ length: 70 }, (_, index) => index + 1))
  })

  test('100 logs of random sizes: roots, ways up and ids agree, and nothing wrong is found in any', { timeout: 300_000 }, async () => {
    let [patient, wrongs] = [0x8000, 0]
    const anyTree = fc.record({ size: fc.integer({ min: 1, max: 70 }), chosen: fc.nat(69), digest: anyFelt })
    for (const { size, chosen, digest } of fc.sample(anyTree, { seed: SEED, numRuns: 100 })) {
      const of = felt(patient++)
      const calls = Array.from({ length: size }, (_, index) => appendCall(of, felt((BigInt(digest) + BigInt(index)) % STARK_PRIME || 1n)))
      const links = linksOf(await stage.sendCalls('Gateway of Mercy General', calls))
      expect(links).toHaveLength(size)
      verifyEntries(links, await log(of))
      const entries = singleEntries(place(of), links)
      const entry = entries[chosen % size]
      if (entry === undefined) throw new RangeError('no entry')
      const bad = wrongSingles(entry)
      wrongs += bad.length
      const ask = (wrong: SingleEntry, whose = of) => readIncludesSingle(stage.deployment, whose, wrong)
      const id = stage.view('accessLog', 'single_id', [of, singleArguments(entry)])
      // Every entry is looked for at every size above; here every fourth.
      const some = entries.filter(({ index }) => index % 4 === chosen % 4 || index === size)
      expect(await Promise.all(some.map((each) => ask(each)))).toEqual(some.map(() => true))
      expect(await Promise.all(bad.map((each) => ask(each)))).toEqual(bad.map(() => false))
      expect(await Promise.all([ask(entry, felt(patient)), ask(entry, felt(0x7001)), ask(entry, ZERO)])).toEqual([false, false, false])
      expect(await id).toEqual([BigInt(singleId(place(of), entry))])
    }
    expect(wrongs).toBeGreaterThan(1_000)
  })

  test('an empty log has nothing in it', async () => {
    expect(await log(felt(0x7002))).toMatchObject({ count: 0, root: ZERO })
    const nothing: SingleEntry = { index: 1, hospital: felt(1), kind: 1, reference: 0, digest: felt(1), loggedAtS: 1, path: [] }
    for (const index of [0, 1]) expect(await readIncludesSingle(stage.deployment, felt(0x7002), { ...nothing, index })).toBe(false)
  })
})

/** Each way in which a proof of a batched entry can be wrong. */
function wrongBatched(entry: BatchedEntry): BatchedEntry[] {
  const { proof, batchPath } = entry
  const { records, siblings, siblingMask } = proof
  const proving = (changed: Partial<InclusionProof>): BatchedEntry => ({ ...entry, proof: { ...proof, ...changed } })
  const [first] = records
  if (first === undefined) throw new RangeError('no record')
  return [
    { ...entry, index: entry.index + 1 },
    { ...entry, index: 0 },
    { ...entry, hospital: other(entry.hospital) },
    { ...entry, root: other(entry.root) },
    { ...entry, loggedAtS: entry.loggedAtS + 1 },
    { ...entry, batchPath: [...batchPath, felt(1)] },
    { ...entry, batchPath: batchPath.slice(1) },
    ...batchPath.map((sibling, height) => ({ ...entry, batchPath: batchPath.with(height, other(sibling)) })),
    { ...entry, which: records.length },
    proving({ salt: other(proof.salt) }),
    proving({ records: [...records, first] }),
    proving({ records: records.toReversed() }),
    proving({ records: records.with(0, { ...first, digest: other(first.digest) }) }),
    proving({ records: [] }),
    proving({ siblingMask: siblingMask ^ 1n }),
    proving({ siblingMask: siblingMask ^ (1n << 39n) }),
    proving({ siblingMask: siblingMask | (1n << 40n) }),
    proving({ siblings: [...siblings, felt(1)] }),
    proving({ siblings: siblings.slice(1) }),
    ...siblings.map((sibling, height) => proving({ siblings: siblings.with(height, other(sibling)) })),
    ...siblings.map((_, height) => proving({ siblings: siblings.with(height, ZERO) })),
  ].filter((wrong) => show(wrong) !== show(entry))
}
const show = (value: unknown) => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))

describe('batches', () => {
  const anyRecord = fc.oneof(
    fc.record({ kind: fc.constantFrom(1, 2), reference: fc.constant(0), digest: anyFelt }),
    fc.record({ kind: fc.constant(3), reference: fc.constantFrom(50, 51, 55, 56, 57), digest: anyFelt }),
  )
  const anyPatients = fc.uniqueArray(
    fc.record({ patient: anyAddress, salt: anyFelt, records: fc.array(anyRecord, { minLength: 1, maxLength: 4 }) }),
    { minLength: 1, maxLength: 9, selector: ({ patient }) => patient },
  )
  const links: BatchLink[] = []
  const appendBatch = async (root: Felt, gateway: string = GATEWAYS[0]) => {
    const { events } = await stage.send(gateway, 'accessLog', 'append_batch', [root])
    const link = eventShapes.BatchAppended.parse(events[0])
    links.push(link)
    return link
  }
  const made: Batch[] = []
  const write = async (batch: Batch, gateway?: string) => {
    made.push(batch)
    return await appendBatch(batch.root, gateway)
  }
  const nothing: BatchLink = { index: 1, hospital: ZERO, root: ZERO, loggedAtS: 0 }
  const leaves = () => links.map((link) => batchLeaf(place(ZERO), link))
  const includes = (patient: Felt, entry: BatchedEntry) => readIncludesBatched(stage.deployment, patient, entry)

  test('20 random batches: every record is found, nothing wrong is, and TypeScript says the same', { timeout: 240_000 }, async () => {
    let [found, wrongs] = [0, 0]
    for (const patients of fc.sample(anyPatients, { seed: SEED, numRuns: 20 })) {
      const batch = makeBatch(patients)
      const { proofOf } = batch
      const link = await write(batch, GATEWAYS[links.length % 2])
      expect(await readBatches(stage.deployment)).toEqual({ count: links.length, root: treeRoot(leaves()) })
      const batchPath = treePath(leaves(), links.length - 1)
      for (const { patient, records } of patients) {
        const proof = proofOf(patient)
        if (!isInclusion(proof)) throw new RangeError('the patient is in the batch')
        const entries = records.map((_, which): BatchedEntry => ({ ...link, batchPath, proof, which }))
        const answers = await Promise.all(entries.map((entry) => includes(patient, entry)))
        expect(answers).toEqual(records.map(() => true))
        found += answers.length
      }
      const [{ patient } = { patient: ZERO }] = patients
      const proof = proofOf(patient)
      if (!isInclusion(proof)) throw new RangeError('the patient is in the batch')
      const entry: BatchedEntry = { ...link, batchPath, proof, which: 0 }
      const bad = wrongBatched(entry)
      wrongs += bad.length
      expect(await Promise.all(bad.map((wrong) => includes(patient, wrong)))).toEqual(bad.map(() => false))
      expect(await includes(other(patient), entry)).toBe(false)
      const ours = bad.filter(
        (wrong) => verifyBatchProof(wrong.root, wrong.proof) && wrong.which < wrong.proof.records.length && isInTree(wrong),
      )
      expect(ours).toEqual([])
      expect(await stage.view('accessLog', 'batched_id', [patient, batchedArguments(entry)])).toEqual([
        BigInt(batchedId(link.index, 0, proof)),
      ])
    }
    expect(found).toBeGreaterThan(100)
    expect(wrongs).toBeGreaterThan(400)
  })

  /** Whether a batch stands in our own list: what its path must prove. */
  function isInTree({ batchPath, index, hospital, root, loggedAtS }: BatchedEntry): boolean {
    const link = links[index - 1]
    const isSame = link?.hospital === hospital && link.root === root && link.loggedAtS === loggedAtS
    return isSame && show(treePath(leaves(), index - 1)) === show(batchPath)
  }

  test('a patient proves from two heads alone that the list is whole, entries of batches and all', async () => {
    const patient = felt(0x7101)
    const mine = (digest: number): BatchedPatient => ({
      patient,
      salt: felt(digest),
      records: [
        { kind: 1, reference: 0, digest: felt(digest) },
        { kind: 3, reference: purposeOf('BTG').index, digest: felt(digest + 1) },
      ],
    })
    const foreign: BatchedPatient = { ...mine(5), patient: felt(0x7102) }
    const singles: EntryLink[] = []
    for (const patients of [[mine(11), foreign], [foreign], [mine(21)]]) {
      const calls = [appendCall(patient, felt(3)), appendCall(felt(0x7102), felt(3))]
      singles.push(...linksOf(await stage.sendCalls(GATEWAYS[0], calls)).slice(0, 1))
      await write(makeBatch(patients))
    }
    const proofs = made.map(({ proofOf }) => proofOf(patient))
    expect(proofs.filter(isInclusion)).toHaveLength(2)
    const whole = { singles, log: await log(patient), batches: { links, head: await readBatches(stage.deployment), proofs } }
    verifyCompleteness(whole)

    const { batches } = whole
    const absent = proofs.map(({ patient: of, siblingMask, siblings }) => ({ patient: of, siblingMask, siblings }))
    const incomplete = [
      { ...whole, singles: singles.slice(1) },
      { ...whole, log: await log(felt(0x7103)) },
      { ...whole, batches: { ...batches, links: links.slice(0, -1), proofs: proofs.slice(0, -1) } },
      { ...whole, batches: { ...batches, proofs: proofs.slice(0, -1) } },
      { ...whole, batches: { ...batches, proofs: absent } },
      { ...whole, batches: { ...batches, proofs: made.map(({ proofOf }) => proofOf(felt(0x7102))) } },
      { ...whole, batches: { ...batches, links: links.with(0, { ...(links[0] ?? nothing), hospital: felt(1) }) } },
    ]
    for (const list of incomplete) expect(() => verifyCompleteness(list)).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
  })

  test('records that cannot stand in a batch are found by neither', async () => {
    const record = { kind: 1, reference: 0, digest: felt(1) }
    const lists = [
      [{ ...record, reference: 7 }],
      [{ ...record, kind: 3, reference: purposeOf('TREAT').index }],
      [{ ...record, kind: 3, reference: 59 }],
      [{ ...record, kind: 3, reference: 2 ** 40 }],
      [{ ...record, kind: 4 }],
      [{ ...record, kind: 0 }],
      Array.from({ length: MAX_RECORDS + 1 }, () => record),
    ]
    const most = Array.from({ length: MAX_RECORDS }, () => record)
    for (const records of [...lists, most]) {
      const said: BatchedPatient = { patient: felt(0x77), salt: felt(0x78), records }
      const proof: InclusionProof = { ...said, siblingMask: 0n, siblings: [] }
      const link = await appendBatch(sparseRoot(batchedLeaf(said), proof) ?? ZERO)
      const entry: BatchedEntry = { ...link, batchPath: treePath(leaves(), links.length - 1), proof, which: 0 }
      expect({ records: records[0], found: await includes(said.patient, entry) }).toEqual({ records: records[0], found: records === most })
      expect(verifyBatchProof(link.root, proof)).toBe(records === most)
    }
  })
})

describe('bundles', () => {
  const patientOf = (label: string) => felt(stage.as(label).address)
  const grant = (label: string, commitment: Commitment) => stage.send(label, 'consentRegistry', 'grant', [commitment])
  const stateIn = async (commitment: Commitment, membership: Membership, label = 'Patient 1') =>
    (await readConsentStateIn(stage.deployment, patientOf(label), { commitment, membership })).status

  test('each member of a bundle is active from its own place; what TypeScript says of a wrong one, the contract says too', {
    timeout: 120_000,
  }, async () => {
    let wrongs = 0
    for (const [seed, count] of [2, 3, 5, 8, 17, 33, 70].entries()) {
      const members = Array.from({ length: count }, (_, index) => poseidon(SEED, seed, index))
      const { root, membershipOf } = makeBundle(members)
      await grant('Patient 1', root)
      const states = await Promise.all(members.map((member) => stateIn(member, membershipOf(member))))
      expect(states).toEqual(members.map(() => 'active'))
      expect(await stateIn(members[0] ?? ZERO, membershipOf(members[0] ?? ZERO), 'Patient 2')).toBe('unknown')
      for (const member of members.slice(0, 4)) {
        const right = membershipOf(member)
        const bad: [Commitment, Membership][] = [
          [other(member), right],
          [member, { ...right, index: right.index + 1 }],
          [member, { ...right, index: 2 ** right.path.length }],
          [member, { ...right, index: 2 ** 32 - 1 }],
          [member, { ...right, path: [...right.path, felt(1)] }],
          [member, { ...right, path: right.path.slice(1) }],
          ...right.path.map((sibling, height): [Commitment, Membership] => [
            member,
            { ...right, path: right.path.with(height, other(sibling)) },
          ]),
        ]
        for (const [commitment, membership] of bad) {
          const granted = grantedAs(commitment, membership)
          const asked = stateIn(commitment, membership)
          if (granted === undefined) expect(await stage.refusal(asked)).toBe('Consent: bad membership')
          else expect(await asked).toBe((await readConsentState(stage.deployment, patientOf('Patient 1'), granted)).status)
          if (granted !== undefined) expect(await asked).toBe('unknown')
          wrongs++
        }
      }
    }
    expect(wrongs).toBeGreaterThan(150)
  })

  test('error: more than 16 siblings', async () => {
    const path = Array.from({ length: 17 }, () => felt(1))
    expect(await stage.refusal(stateIn(felt(5), { index: 0, path }))).toBe('Consent: path too long')
    expect(await stateIn(felt(5), { index: 0, path: path.slice(1) })).toBe('unknown')
  })

  test('a member permits as a consent of its own, until it or the whole bundle is revoked', async () => {
    const patient = patientOf('Patient 2')
    const { chainId, contracts } = stage.deployment
    const grantee = slugToOrganisationId('northgate')
    const terms = {
      grantee,
      purposes: ['HRESCH'],
      notBeforeS: 0,
      expiresAtS: (await stage.nowS()) + 86_400,
      categories: ['vitals' as const],
      dataFromS: 0,
      dataToS: 0,
      custodian: ZERO,
      sensitivities: [],
    }
    const consents = Array.from({ length: 5 }, () => {
      const salts = deriveSalts(new Uint8Array(32), newConsentNonce())
      return commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts })
    })
    const { root, membershipOf } = makeBundle(consents.map(({ commitment }) => commitment))
    const decide = async (which: number) => {
      const consent = consents[which]
      if (consent === undefined) throw new RangeError('no such consent')
      const opening = { ...consent.opening, membership: membershipOf(consent.commitment) }
      return await readDecision(stage.deployment, { patient, opening, grantee, purposeIndex: purposeOf('CLINTRCH').index })
    }
    expect(await decide(0)).toBe('not-granted')
    await grant('Patient 2', root)
    expect(await Promise.all([0, 1, 2, 3, 4].map(decide))).toEqual(['permit', 'permit', 'permit', 'permit', 'permit'])
    const [first, second] = consents
    if (first === undefined || second === undefined) throw new RangeError('no consents')
    const alone = stage.view('consentRegistry', 'decide', [patient, openingArguments(first.opening), grantee, 36])
    expect(await alone).toEqual([2n])

    const revoke = (commitment: Commitment, membership: Membership, label = 'Patient 2') =>
      stage.sendCalls(label, revokeMemberCalls(stage.deployment, { patient, commitment, membership }))
    const { events } = await revoke(first.commitment, membershipOf(first.commitment))
    expect(events).toMatchObject([{ type: 'ConsentRevoked', patient, commitment: first.commitment }])
    expect(await Promise.all([0, 1, 2, 3, 4].map(decide))).toEqual(['revoked', 'permit', 'permit', 'permit', 'permit'])
    expect(await stage.refusal(revoke(first.commitment, membershipOf(first.commitment)))).toBe('Consent: not active')
    expect(await stage.refusal(revoke(felt(0x55), membershipOf(second.commitment)))).toBe('Consent: not granted')
    expect(await stage.refusal(revoke(second.commitment, { ...membershipOf(second.commitment), index: 9 }))).toBe('Consent: bad membership')
    expect(await stage.refusal(revoke(second.commitment, membershipOf(second.commitment), 'Patient 3'))).toBe('Consent: not a guardian')
    // A member that ended is not granted again by itself, and the bundle's other members stand.
    expect(await stage.refusal(grant('Patient 2', first.commitment))).toBe('Consent: already used')
    await stage.send('Patient 2', 'consentRegistry', 'revoke', [root])
    expect(await Promise.all([0, 1, 2, 3, 4].map(decide))).toEqual(['revoked', 'revoked', 'revoked', 'revoked', 'revoked'])
    expect(await stage.refusal(revoke(second.commitment, membershipOf(second.commitment)))).toBe('Consent: not active')
    const state = await stage.view('consentRegistry', 'state_in', [
      patient,
      first.commitment,
      membershipArguments(membershipOf(first.commitment)),
    ])
    expect(state[1]).toBeGreaterThan(0n)
  })

  test('a bundle that was replaced takes all its members with it', async () => {
    const { root, membershipOf } = makeBundle([felt(0xb1), felt(0xb2), felt(0xb3)])
    await grant('Patient 3', root)
    await stage.send('Patient 3', 'consentRegistry', 'replace', [root, '0xb4'])
    expect(await stateIn(felt(0xb2), membershipOf(felt(0xb2)), 'Patient 3')).toBe('replaced')
  })
})

describe('orders', () => {
  test('TypeScript, starknet.js and the registry hash 50 random orders alike', { timeout: 60_000 }, async () => {
    const felts = fc.array(anyFelt, { maxLength: 5 })
    const anyOrder = fc.record({
      patient: anyAddress,
      signer: anyAddress,
      order: fc.record({ revoke: felts, replace: fc.array(fc.record({ old: anyFelt, new: anyFelt }), { maxLength: 4 }), grant: felts }),
      nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      deadlineS: fc.integer({ min: 0, max: 2 ** 40 }),
    })
    const { chainId, contracts } = stage.deployment
    for (const { patient, signer, order, nonce, deadlineS } of fc.sample(anyOrder, { seed: SEED, numRuns: 50 })) {
      const message = { chainId, registry: contracts.consentRegistry, patient, order, nonce, deadlineS }
      const ours = orderHash(message, signer)
      expect(felt(typedData.getMessageHash(orderTypedData(message) as never, signer))).toBe(ours)
      const args = [patient, signer, orderArguments(order), nonce, BigInt(deadlineS)] as const
      expect(await stage.view('consentRegistry', 'order_hash', [...args])).toEqual([BigInt(ours)])
    }
  })
})
