import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  agreesWith,
  agreesWithSelectors,
  answerRanks,
  answerTo,
  bindSum,
  coinElement,
  coinOrder,
  contributionTo,
  countOf,
  type DealtCases,
  dealCases,
  dealChecked,
  dealShares,
  drawElements,
  element,
  type FieldVector,
  foldingPowers,
  isPossibleProof,
  isPossibleSelectorProof,
  isPossibleZeroProof,
  openRanks,
  openShares,
  openSums,
  openTotal,
  proveDealing,
  proveSelectors,
  type Question,
  type RankingPlan,
  rankingPlan,
  SALT_BYTES,
  selectorChallenge,
  sharingRound,
  sumShares,
  toBigInts,
  vectorOf,
} from '@medsync/protocol/sharing'
import { rankByJiff } from './rankByJiff.ts'
import { printTable } from './table.ts'

const HOSPITALS = ['mercy', 'lakeside', 'stclare']
const round = sharingRound(HOSPITALS, 2)
const draw = drawElements((words) => crypto.getRandomValues(words))
const seed = crypto.getRandomValues(new Uint8Array(32))
const RUNS = 3
const CASES = 10_000
const NUMBERS = 100_000

/**
 * What shared secrets take: all parties' arithmetic in this one process, nothing sent. The best of three runs.
 * @param peersFolder - Where `shamir-secret-sharing` and `jiff-mpc` are installed, to measure them beside ours; without it their rows are left out.
 */
export async function benchSharing(peersFolder?: string): Promise<void> {
  const values = vectorOf(Array.from({ length: CASES }, (_, index) => index))
  const rows: [string, number][] = [
    [`${CASES.toLocaleString('en')} cases by 101 scores: split, multiply, open`, await bestMs(() => rankAll(Math.ceil(CASES / 3)))],
    ['3 hospitals x 1,000 cases: the same', await bestMs(() => rankAll(1_000))],
    ['  and their proofs: made and checked by all', await bestMs(() => proveAll(1_000))],
    ['3 hospitals x 4 cases: ranked', await bestMs(() => rankAll(4))],
    [`${NUMBERS.toLocaleString('en')} numbers of 3 hospitals: mean and variance`, await bestMs(() => aggregate())],
    [`${CASES.toLocaleString('en')} numbers: split and combine, 2 of 3`, await bestMs(() => splitAndCombine(values))],
  ]
  if (peersFolder !== undefined) rows.push(...(await peerRows(peersFolder, values)))
  console.log('\nShared secrets: the arithmetic of all parties, nothing sent')
  printTable(['what', 'ms'], rows)
  const { selectors, zeros } = dealCases(rankingPlan(round, 1_000), [], draw)
  const bytes = (HOSPITALS.length - 1) * (selectors[0]!.byteLength + zeros[0]!.byteLength + 8 * 1_000)
  console.log(`  A ranking sends ${Math.round(bytes / 1_000).toLocaleString('en')} bytes a slot before encryption, from each hospital.`)
}

function rankAll(cases: number): void {
  const plan = rankingPlan(round, cases)
  expectRanks(
    plan,
    scoresOf(cases).map((own) => dealCases(plan, own, draw)),
    cases,
  )
}

function scoresOf(cases: number): number[][] {
  return HOSPITALS.map((_, hospital) => Array.from({ length: cases }, (_, index) => (index * 37 + hospital * 11) % 101))
}

function expectRanks(plan: RankingPlan, dealt: readonly DealtCases[], cases: number): void {
  const order = coinOrder(seed, plan.slots * HOSPITALS.length)
  const answers = HOSPITALS.map((from, at) => {
    const received = dealt.map(
      ({ selectors, zeros }, dealer) => [HOSPITALS[dealer]!, { selectors: selectors[at]!, zeros: zeros[at]! }] as const,
    )
    return { from, ...answerRanks(plan, new Map(received), order) }
  })
  const total = openTotal(
    round,
    answers.map(({ from, total: values }) => ({ from, values })),
  )
  const ranks = dealt.flatMap((_, dealer) => {
    const shares = answers.map(({ from, ranks: values }) => ({ from, values: values.get(HOSPITALS[dealer]!)! }))
    return openRanks(plan, shares, { cases, total }).ranks
  })
  if (new Set(ranks).size !== total) throw new RangeError('the ranks are no permutation')
}

/** Everybody deals, proves both of its dealings, and checks everybody's proofs; the dealing is in the time. */
function proveAll(slots: number): void {
  const plan = rankingPlan(round, slots)
  const challenge = selectorChallenge(round.field, plan, seed)
  const powersOf = (values: FieldVector): FieldVector =>
    foldingPowers(round.field, coinElement(round.field, seed, 'fold'), countOf(values) - 1)
  for (const own of scoresOf(slots)) {
    const { selectors, zeros } = dealCases(plan, own, draw)
    const [powers, zeroPowers] = [powersOf(selectors[0]!), powersOf(zeros[0]!)]
    const proof = proveDealing(round, selectors, powers)
    const zeroProof = proveDealing(round, zeros, zeroPowers)
    const cases = proveSelectors(round, plan, selectors, challenge)
    for (const [at, hospital] of HOSPITALS.entries()) {
      const agrees =
        isPossibleProof(round, proof) &&
        isPossibleZeroProof(round, zeroProof) &&
        isPossibleSelectorProof(round, plan, cases) &&
        agreesWith(round, hospital, selectors[at]!, proof, powers) &&
        agreesWith(round, hospital, zeros[at]!, zeroProof, zeroPowers) &&
        agreesWithSelectors(round, plan, { hospital, dealt: selectors[at]! }, cases, challenge)
      if (!agrees) throw new RangeError(`${hospital} disputes an honest dealing`)
    }
  }
}

function aggregate(): void {
  const question: Question = { kind: 'variance', range: { min: 0, max: 400, decimals: 1 } }
  const parts = HOSPITALS.map((_, hospital) => Array.from({ length: NUMBERS / 3 }, (_, index) => ((index * 7 + hospital) % 4_000) / 10))
  const contributions = parts.map((data) => contributionTo(question, data))
  const [cohort] = openAll(contributions.map(({ count }) => count))
  answerTo(question, cohort!, openAll(contributions.map(({ values }) => values)))
}

function openAll(inputs: readonly FieldVector[]): bigint[] {
  const dealings = inputs.map((input) => dealChecked(round, input, draw))
  const sums = HOSPITALS.map((from, at) => {
    const received = dealings.map((dealing) => dealing[at]!)
    return { from, values: sumShares(round, received), salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)) }
  })
  const bindings = new Map(sums.map(({ from, values, salt }) => [from, bindSum({ round: 'bench', hospital: from }, values, salt)]))
  const powers = foldingPowers(round.field, 12_345n, countOf(inputs[0]!))
  const proofs = dealings.map((dealing) => proveDealing(round, dealing, powers))
  return toBigInts(openSums(round, sums, { roundId: 'bench', bindings, proofs, powers }).secrets)
}

function splitAndCombine(values: FieldVector): void {
  const shares = dealShares(round, values, draw).map((share, at) => ({ from: HOSPITALS[at]!, values: share }))
  if (element(openShares(round, shares.slice(1)).secrets, 7) !== 7n) throw new RangeError('another secret came back')
}

type Peer = {
  split(secret: Uint8Array, shares: number, threshold: number): Promise<Uint8Array[]>
  combine(shares: Uint8Array[]): Promise<Uint8Array>
}

async function peerRows(folder: string, values: FieldVector): Promise<[string, number][]> {
  const peer = createRequire(join(folder, 'package.json'))('shamir-secret-sharing') as Peer
  const bytes = new Uint8Array(values.buffer)
  const oneByOne = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += 8) await peer.combine((await peer.split(bytes.slice(at, at + 8), 3, 2)).slice(1))
  }
  const few = scoresOf(4)
  const { ranks, ms } = await rankByJiff(folder, few)
  if (new Set(ranks.flat()).size !== few.flat().length) throw new RangeError('the ranks of jiff-mpc are no permutation')
  return [
    ['  3 x 4 cases by npm jiff-mpc, which also sends over loopback', Math.round(ms)],
    ['  10,000 numbers by npm shamir-secret-sharing, one by one', await bestMs(oneByOne)],
    [
      '  10,000 numbers by npm shamir-secret-sharing, as one secret',
      await bestMs(async () => void (await peer.combine((await peer.split(bytes, 3, 2)).slice(1)))),
    ],
  ]
}

/** Milliseconds of the fastest run, to two digits after the point. */
async function bestMs(work: () => void | Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now()
    await work()
    best = Math.min(best, performance.now() - startedMs)
  }
  return Math.round(best * 100) / 100
}
