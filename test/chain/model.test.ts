import { afterAll, beforeAll, expect, test } from 'vitest'
import { Coverage } from '../../scripts/fuzz/coverage.ts'
import { playEpisode } from '../../scripts/fuzz/episode.ts'
import { actOf, kindsOf } from '../../scripts/fuzz/play.ts'
import { shrink } from '../../scripts/fuzz/shrink.ts'
import { START_S, Stage } from '../../scripts/fuzz/stage.ts'
import { tellDifference, tellFailure } from '../../scripts/fuzz/tell.ts'
import { type Addresses, type Theatre, theatreOf } from '../../scripts/fuzz/theatre.ts'
import { STATUS } from '../model/consents.ts'
import { type Call, type Entry, UndeployedError } from '../model/world.ts'

const SEED = 7
const SECONDS = 1_000

let stage: Stage

beforeAll(async () => {
  stage = await Stage.raise()
})
afterAll(() => stage.stop())

test(
  'five thousand random calls do what the model says, and every function goes through and refuses',
  async () => {
    const coverage = new Coverage()
    let made = 0
    let views = 0
    // Two episodes, and short ones more where they have left a function out: a seed's calls depend on the contracts' addresses a little.
    for (let seed = SEED; made < 5_000 || (coverage.gaps().length > 0 && seed < SEED + 4); seed++) {
      const { difference } = await playEpisode({
        stage,
        seed,
        calls: made < 5_000 ? 2_500 : 1_250,
        hear: (kind, fn, outcome) => coverage.hear(kind, fn, outcome),
        onStep: (calls, looks) => {
          made += calls
          views += looks
        },
      })
      const told = difference === undefined ? '' : `seed ${seed}: ${tellDifference(stage.addresses, difference)}`
      expect(told).toBe('')
    }
    console.log(`${made} calls, ${views} views of what they wrote, ${coverage.refusals()} different refusals\n${coverage.table()}`)
    expect(made).toBeGreaterThanOrEqual(5_000)
    expect(coverage.gaps()).toEqual([])
  },
  240 * SECONDS,
)

test(
  'a model in which an ended consent can be granted again is found out, and the failure shrinks to a handful of calls that show it',
  async () => {
    const { steps, difference } = await playEpisode({ stage, seed: SEED, calls: 2_500, makeTheatre: forgetful })
    if (difference === undefined) throw new RangeError('the fault was not found')
    const shrunk = await shrink(stage, steps, difference, 60 * SECONDS, forgetful)
    expect(shrunk.calls.length).toBeLessThanOrEqual(8)
    expect(shrunk.difference).toMatchObject({ what: 'outcome', actual: 'failed: Consent: already used, ENTRYPOINT_FAILED' })
    const told = tellFailure(stage.addresses, shrunk)
    expect(told).toContain(`${shrunk.calls.length} calls show it`)
    expect(shrunk.calls.at(-1)?.call.fn).toBe('grant')
  },
  240 * SECONDS,
)

test('who asks an address without a contract for a signature loses the whole transaction, as the model says', async () => {
  const { world, registry } = theatreOf(stage.addresses)
  const { 'patient 1': patient, stranger } = stage.addresses.actors
  const nobody = 0x123456789n
  const until = START_S + 100n
  const name: Call = { from: patient, to: registry.address, fn: 'name_guardian', args: [nobody, until] }
  const order = { revoke: [], replace: [], grant: [7n] }
  const submit: Call = { from: stranger, to: registry.address, fn: 'submit_signed', args: [patient, nobody, order, 0n, until, [1n]] }
  world.nowS = START_S
  expect(world.attempt(name)).toMatchObject({ isOk: true })
  expect(() => world.attempt(submit)).toThrow(UndeployedError)
  await stage.reset()
  await stage.setTime(START_S)
  const kindOf = kindsOf({ world })
  const sent = stage.send(stage.prepare([name, submit].map((call) => actOf(kindOf, call))))
  await expect(sent).rejects.toThrow(/Requested contract address 0x0*123456789 is not deployed/)
})

/** A model with one fault: it forgets what was ended, so that it can be granted once more. */
function forgetful(addresses: Addresses): Theatre {
  const theatre = theatreOf(addresses)
  const { registry, world } = theatre
  const { grant } = registry.functions
  if (grant === undefined) throw new RangeError('the model has no grant')
  const wrong: Entry = (patient, commitment: bigint) => {
    const state = registry.states.get(patient, commitment)
    if (state.status > STATUS.active) registry.states.set([patient, commitment], { ...state, status: STATUS.unknown })
    return grant(patient, ...([commitment] as never[]))
  }
  world.contracts.set(registry.address, { ...registry, functions: { ...registry.functions, grant: wrong } })
  return theatre
}
