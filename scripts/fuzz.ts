// npm run fuzz: random calls against the contracts on a node, compared with the model of test/model call by call, until Ctrl-C.
// `-- --calls 200000` ends by itself, `-- --seed 7` plays the same calls again.
import { parseArgs } from 'node:util'
import { ChoreError } from './choreError.ts'
import { runFuzz } from './fuzz/runFuzz.ts'
import { runChore } from './runChore.ts'

await runChore(
  async () => {
    const { values } = parseArgs({ options: { calls: { type: 'string' }, seed: { type: 'string' } } })
    const calls = numberOf('--calls', values.calls) ?? Number.POSITIVE_INFINITY
    const seed = numberOf('--seed', values.seed) ?? Date.now() % 2 ** 32
    const stop = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
    console.log(`Seed ${seed}. ${Number.isFinite(calls) ? `${calls} calls.` : 'Ctrl-C ends it.'}`)
    const isSame = await runFuzz({ calls, seed, signal: stop.signal })
    console.log(isSame ? `Model and chain agreed in everything. Seed ${seed}.` : '')
    return isSame ? 0 : 1
  },
  { handlesSignals: true },
)

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new ChoreError('fuzz/option', `${option} ${text} is no number.`, `Give a whole number, for example ${option} 1000.`)
}
