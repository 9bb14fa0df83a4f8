// A process that writes until it is killed: node test/context/crashWriter.ts FOLDER [STORE_KEY_HEX]. Says the number of each call that was confirmed.
import { writeSync } from 'node:fs'
import { openEmbeddedEngine } from '@medsync/context/embedded'
import { NotInitialisedError } from '@medsync/context/engine'
import { z } from 'zod'
import { roughApp } from './roughApp.ts'

const [, , folder = '', keyHex] = process.argv
const engine = await openEmbeddedEngine({
  folder,
  wasm: roughApp(),
  members: ['mercy', 'lakeside'],
  ...(keyHex === undefined ? {} : { storeKey: Buffer.from(keyHex, 'hex') }),
})
const before = await engine.call('mercy', 'get', {}).catch(async (failure: unknown) => {
  if (!(failure instanceof NotInitialisedError)) throw failure
  await engine.initialise('mercy', {})
  return null
})
const { n } = z.object({ n: z.number() }).catch({ n: 0 }).parse(before)
for (let next = n + 1; ; next += 1) {
  // Alternating sizes, so that kills fall into short and long writes.
  await engine.call(next % 2 === 0 ? 'mercy' : 'lakeside', 'put_both', { n: next, filling: 'f'.repeat((next % 7) * 20_000) })
  writeSync(1, `${next}\n`)
}
