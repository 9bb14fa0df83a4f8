import type { Call, Value } from '../../test/model/world.ts'
import { History } from './history.ts'
import { actOf, compare, type Difference, kindsOf, type Prediction, predict, type Step } from './play.ts'
import type { Stage } from './stage.ts'
import { checkSums } from './sums.ts'
import { theatreOf } from './theatre.ts'

/** One call with its time: what is left out while a failure is shrunk. */
type TimedCall = { readonly nowS: bigint; readonly call: Call }

/** A failure with as few calls as were found to show it. */
export type Shrunk = { readonly calls: readonly TimedCall[]; readonly difference: Difference; readonly tries: number }

/**
 * Plays given steps on fresh contracts.
 * @returns The first difference, and up to which step it took.
 */
export async function replay(stage: Stage, steps: readonly Step[], makeTheatre = theatreOf): Promise<Difference | undefined> {
  await stage.reset()
  const theatre = makeTheatre(stage.addresses)
  const kindOf = kindsOf(theatre)
  const history = new History(stage.addresses, kindOf)
  for (const { nowS, calls } of steps) {
    theatre.world.nowS = nowS
    const predictions: Prediction[] = calls.flatMap((call) => predict(theatre, call))
    const sum = checkSums(theatre)
    const last = calls.at(-1)
    await stage.setTime(nowS)
    const acted = await stage.send(stage.prepare(predictions.map(({ call }) => actOf(kindOf, call))))
    const difference =
      compare(kindOf, predictions, acted) ?? history.judge(nowS, predictions, acted) ?? (sum && last && { ...sum, call: last })
    if (difference !== undefined) return difference
  }
  return undefined
}

/**
 * Leaves out calls as long as the same function still differs in the same way: halves first, then smaller parts.
 * @param budgetMs - It gives what it has when this much time is over.
 * @source Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28(2), 2002.
 */
export async function shrink(
  stage: Stage,
  steps: readonly Step[],
  difference: Difference,
  budgetMs: number,
  makeTheatre = theatreOf,
): Promise<Shrunk> {
  const untilMs = performance.now() + budgetMs
  const all = steps.flatMap(({ nowS, calls }) => calls.map((call) => ({ nowS, call })))
  let best: Shrunk = { calls: cutAfter(all, difference), difference, tries: 0 }
  let tries = 0
  for (const guess of guesses(best.calls, difference)) {
    tries++
    const found = await replayOrNothing(stage, guess, makeTheatre)
    if (found === undefined || !isSame(found, difference)) continue
    best = { calls: cutAfter(guess, found), difference: found, tries }
    break
  }
  let parts = 2
  while (best.calls.length > 1 && parts <= best.calls.length && performance.now() < untilMs) {
    const size = Math.ceil(best.calls.length / parts)
    let isSmaller = false
    for (let start = 0; start < best.calls.length && performance.now() < untilMs; ) {
      const rest = [...best.calls.slice(0, start), ...best.calls.slice(start + size)]
      tries++
      const found = await replayOrNothing(stage, rest, makeTheatre)
      if (found !== undefined && isSame(found, difference)) {
        best = { calls: cutAfter(rest, found), difference: found, tries }
        isSmaller = true
      } else start += size
    }
    if (!isSmaller && size === 1) break
    parts = isSmaller ? Math.max(2, parts) : parts * 2
    if (parts > best.calls.length && size > 1) parts = best.calls.length
  }
  return { ...best, tries }
}

/** Smaller parts that may well be enough: calls that speak of the same things as the one that differs, or go to the same contract. */
function guesses(calls: readonly TimedCall[], { call, cause }: Difference): TimedCall[][] {
  const last = cause ?? call
  const things = new Set(thingsIn(last.args))
  const near = calls.filter((each) => thingsIn(each.call.args).some((thing) => things.has(thing)))
  const nearThings = new Set(near.flatMap((each) => thingsIn(each.call.args)))
  const further = calls.filter((each) => thingsIn(each.call.args).some((thing) => nearThings.has(thing)))
  const there = calls.filter((each) => each.call.to === last.to)
  return [near, further, there].map((guess) => (guess.some((each) => each.call === last) ? guess : [...guess, ...calls.slice(-1)]))
}

/** What is named in arguments: hashes, random numbers and addresses, not small numbers. */
function thingsIn(value: Value): string[] {
  if (typeof value === 'bigint') return value < 2n ** 64n ? [] : [`${value}`]
  return typeof value === 'object' ? Object.values(value).flatMap((each: Value) => thingsIn(each)) : []
}

/** Calls of one time, one after another, go into one block again. */
async function replayOrNothing(stage: Stage, calls: readonly TimedCall[], makeTheatre: typeof theatreOf): Promise<Difference | undefined> {
  const steps: { nowS: bigint; calls: Call[] }[] = []
  for (const { nowS, call } of calls) {
    const last = steps.at(-1)
    if (last?.nowS === nowS && last.calls.length < 60) last.calls.push(call)
    else steps.push({ nowS, calls: [call] })
  }
  try {
    return await replay(stage, steps, makeTheatre)
  } catch {
    // What is left makes no sense any more, say a call of nobody: not the failure that is looked for.
    return undefined
  }
}

/** What comes after the call that differs is not needed. */
function cutAfter(calls: readonly TimedCall[], { call, cause }: Difference): readonly TimedCall[] {
  const last = calls.findLastIndex((each) => each.call === (cause ?? call))
  return last === -1 ? calls : calls.slice(0, last + 1)
}

function isSame(one: Difference, other: Difference): boolean {
  return one.what === other.what && one.call.fn === other.call.fn && one.cause?.fn === other.cause?.fn
}
