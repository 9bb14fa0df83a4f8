import { setTimeout as sleep } from 'node:timers/promises'
import { REQUEST, STUDY } from '../../test/model/rewardPool.ts'
import { type Call, type Outcome, UndeployedError } from '../../test/model/world.ts'
import { History } from './history.ts'
import { consentMoves } from './moves/consentMoves.ts'
import { governanceMoves } from './moves/governanceMoves.ts'
import { logMoves } from './moves/logMoves.ts'
import { poolMoves } from './moves/poolMoves.ts'
import { tokenMoves } from './moves/tokenMoves.ts'
import { actOf, compare, type Difference, type Hear, kindsOf, type Prediction, predict, type Step } from './play.ts'
import { prologue } from './prologue.ts'
import { Random } from './random.ts'
import { DAY_S, Scene } from './scene.ts'
import { spoil } from './spoil.ts'
import { START_S, type Stage } from './stage.ts'
import { checkSums, closingLooks } from './sums.ts'
import { type Theatre, theatreOf } from './theatre.ts'

const MOVES = [...consentMoves, ...logMoves, ...poolMoves, ...governanceMoves, ...tokenMoves]
const WEIGHT = MOVES.reduce((sum, { weight }) => sum + weight, 0)
/** A transaction may carry 5,000 felts and 1,000 events. */
const MAX_FELTS = 3_000
const MAX_ACTS = 200

/** What went on in an episode so far. */
export type EpisodeOptions = {
  readonly stage: Stage
  readonly seed: number
  /** Calls, not counting views. */
  readonly calls: number
  /** Ends it early. */
  readonly signal?: AbortSignal
  /** Another model than the right one, to see that the difference is found. */
  readonly makeTheatre?: typeof theatreOf
  /** Hears how each call ended. */
  readonly hear?: (kind: string, fn: string, outcome: Outcome) => void
  /** Hears of each transaction that is sent: how many calls, and how many views beside them. */
  readonly onStep?: (calls: number, views: number) => void
}

/** How an episode ended. */
export type EpisodeEnd = { readonly steps: readonly Step[]; readonly difference: Difference | undefined }

/** Plays random calls on fresh contracts until enough were made, or model and chain disagree. */
export async function playEpisode({
  stage,
  seed,
  calls,
  makeTheatre = theatreOf,
  signal,
  hear,
  onStep,
}: EpisodeOptions): Promise<EpisodeEnd> {
  await stage.reset()
  const random = new Random(seed)
  const theatre = makeTheatre(stage.addresses)
  const scene = new Scene(theatre, random, stage.addresses)
  const kindOf = kindsOf(theatre)
  const history = new History(stage.addresses, kindOf)
  const steps: Step[] = []
  theatre.world.nowS = START_S
  let made = 0
  let sent: Promise<Difference | undefined> = Promise.resolve(undefined)
  let queue = prologue(scene)
  while (made < calls && signal?.aborted !== true) {
    const taken: Call[] = []
    const predictions: Prediction[] = []
    let felts = 0
    const until = random.between(15, 60)
    while ((taken.length < until || queue.length > 0) && felts < MAX_FELTS && predictions.length < MAX_ACTS) {
      if (queue.length === 0) queue = plan(scene)
      const call = queue.shift()
      if (call === undefined || !isHarmless(scene, call)) continue
      const said = tryPredict(theatre, call, (each, outcome) => hear?.(kindOf(each.to) ?? '', each.fn, outcome))
      if (said === undefined) continue
      const ended = said[0]?.outcome.isOk === true ? scene.done : scene.refused
      ended.add(keyOf(scene, call))
      for (const { events } of said) for (const event of events) scene.note(event)
      taken.push(call)
      predictions.push(...said)
      felts += said.reduce((sum, { call: each }) => sum + 3 + actOf(kindOf, each).calldata.length, 0)
    }
    steps.push({ nowS: theatre.world.nowS, calls: taken })
    made += taken.length
    predictions.push(...closingLooks(scene))
    onStep?.(taken.length, predictions.length - taken.length)
    const sum = checkSums(theatre)
    const transaction = stage.prepare(predictions.map(({ call }) => actOf(kindOf, call)))
    // The node works on one transaction while the next one is made up.
    const difference = await sent
    if (difference !== undefined) return { steps: steps.slice(0, -1), difference }
    const { nowS } = theatre.world
    await stage.setTime(nowS)
    sent = stage.send(transaction).then((acted) => {
      const differs = compare(kindOf, predictions, acted) ?? history.judge(nowS, predictions, acted)
      const last = taken.at(-1)
      return differs ?? (sum && last && { ...sum, call: last })
    })
    // Making up the next calls blocks this program: the request must be on its way before.
    await Promise.race([sent, sleep(4)])
    theatre.world.nowS = later(scene)
  }
  return { steps, difference: await sent }
}

/** The next calls: of one move, some of them spoilt. */
function plan(scene: Scene): Call[] {
  let at = (scene.random.next() / 2 ** 32) * WEIGHT
  const move = MOVES.find(({ weight }) => {
    at -= weight
    return at < 0
  })
  const calls = move?.make(scene) ?? []
  // A patient or an operator may be an address that nobody acts for.
  const possible = calls.filter(({ from }) => scene.theatre.puppets.has(from))
  return possible.map((call) => (scene.random.chance(scene.refused.has(keyOf(scene, call)) ? 8 : 30) ? spoil(scene, call) : call))
}

/** The function that a call is of. */
function keyOf(scene: Scene, { to, fn }: Call): string {
  return `${scene.theatre.world.contracts.get(to)?.kind}.${fn}`
}

/** Code is never replaced by other code: there would be nothing left to compare. */
function isHarmless(scene: Scene, { to, fn, args }: Call): boolean {
  return fn !== 'upgrade' || args[0] === scene.addresses.classHashes.get(to) || args[0] !== planned(scene, to)
}

function planned(scene: Scene, to: bigint): unknown {
  const plan = scene.theatre.world.attempt({ from: 0n, to, fn: 'upgrade_plan', args: [] })
  return plan.isOk && typeof plan.value === 'object' && 'class_hash' in plan.value ? plan.value.class_hash : undefined
}

/** What the model says, or nothing for a call that would take the whole transaction with it. */
function tryPredict(theatre: Theatre, call: Call, hear: Hear): Prediction[] | undefined {
  try {
    return predict(theatre, call, hear)
  } catch (error) {
    if (!(error instanceof UndeployedError)) throw error
    theatre.world.takeTouched()
    theatre.world.takeEvents()
    return undefined
  }
}

/** The time of the next transaction: right at the end of something, one second off it, or some time later. */
function later(scene: Scene): bigint {
  const { random, nowS } = scene
  const days = random.chance(85) ? 2n : 40n
  const ends = momentsOf(scene).filter((moment) => moment > nowS && moment < nowS + days * DAY_S)
  if (!random.chance(25) || ends.length === 0) return nowS + jump(random)
  const end = random.pick(ends) + BigInt(random.between(-1, 1))
  return end < nowS ? nowS : end
}

/** When something begins or ends. */
function momentsOf({ theatre, consents }: Scene): bigint[] {
  const { participants, registry, pool } = theatre
  return [
    ...pool.requests.rows().flatMap(({ row }) => (row.state === REQUEST.open ? [row.expires_at_s] : [])),
    ...pool.studies
      .rows()
      .flatMap(({ key: [id = 0n], row }) => (row.state === STUDY.open ? [row.terms.deadline_s, pool.closesAtS(id)] : [])),
    ...registry.guardians.rows().map(({ row }) => row),
    ...participants.powers.rows().map(({ row }) => row.ready_at_s),
    participants.governance.get(0n).readyAtS,
    ...consents.slice(-60).flatMap(({ opening }) => [opening.not_before_s, opening.expires_at_s]),
  ]
}

/** How much time passes: mostly little, now and then enough for deadlines and delays. */
function jump(random: Random): bigint {
  const spans = [
    [0, 0],
    [1, 60],
    [1, 60],
    [1, 600],
    [1, 600],
    [60, 7_200],
    [60, 7_200],
    [60, 7_200],
    [60, 7_200],
    [3_600, 90_000],
    [3_600, 90_000],
    [80_000, 400_000],
    [1_000_000, 2_700_000],
  ] as const
  const [least, most] = random.pick(spans)
  return BigInt(random.between(least, most))
}
