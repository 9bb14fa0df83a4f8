import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { type GasRow, measureGas } from './gas/gasScenes.ts'
import { raise, type Stage } from './stage.ts'

// What calls cost, kept in git: UPDATE_GAS=1 writes the file anew; say in the commit why something rose.

const FILE = new URL('../../contracts/gas.json', import.meta.url)
const tableSchema = z.strictObject({
  about: z.string(),
  targets: z.record(z.string(), z.number()),
  l2Gas: z.record(z.string(), z.number()),
})
/** Hashes of random values cost the same; digits of the node's time may not. */
const SLACK = 1.005

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

test('no call costs more than contracts/gas.json says, and none is missing there', { timeout: 180_000 }, async () => {
  const rows = await measureGas(stage)
  const table = tableSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')))
  if (process.env['UPDATE_GAS'] === '1') return write(table, rows)
  const measured = Object.fromEntries(rows.map(({ call, l2Gas }) => [call, l2Gas]))
  expect(Object.keys(measured)).toEqual(Object.keys(table.l2Gas))
  const risen = rows.filter(({ call, l2Gas }) => l2Gas > (table.l2Gas[call] ?? 0) * SLACK)
  expect(risen.map(({ call, l2Gas }) => `${call}: ${table.l2Gas[call]} -> ${l2Gas}`)).toEqual([])
  for (const [call, target] of Object.entries(table.targets)) expect([call, (measured[call] ?? Number.NaN) <= target]).toEqual([call, true])
})

function write(table: z.output<typeof tableSchema>, rows: readonly GasRow[]): void {
  const l2Gas = Object.fromEntries(rows.map(({ call, l2Gas }) => [call, l2Gas]))
  writeFileSync(FILE, `${JSON.stringify({ ...table, l2Gas }, null, 2)}\n`)
}
