import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { revokeConsentCalls } from '@medsync/chain'
import { accessesSchema, journalSchema, releaseSchema, requestsSchema } from '@medsync/protocol'
import { devnetRpc } from '@medsync/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { openRelease } from '../../scripts/demo/openRelease.ts'
import type { Person } from '../../scripts/demo/person.ts'
import { listen } from './access-listen.ts'
import { ask, ended, enrol, fileAsk, grant, makeAsk, openStudy, publishKey, sendAsk, until } from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

/** Stands in every text of the record; seven letters that no hash, key or date can hold by chance. */
const MARK = 'Qx7Vw9Zk'
/** Values of the record, as they would be written in any JSON. */
const VALUES = ['71.25', '72.25', '73.25', '1961-07-19']
/** What a consent or request says in clear; none of it may stand where strangers look. */
const TERMS = ['HRESCH', 'laboratory', 'vitals']

let stage: AccessStage
let alice: Person
let northgate: Person
const heard: string[] = []
const stops: (() => void)[] = []

beforeAll(async () => {
  stage = await AccessStage.raise()
  const mercy = await stage.signedIn(LABELS.mercy)
  alice = await stage.signedIn(LABELS.alice)
  northgate = await stage.signedIn(LABELS.northgate)
  for (const label of [LABELS.mercy, LABELS.alice, LABELS.northgate, LABELS.stclare]) {
    stops.push(await listen(stage, label, (text) => heard.push(text)))
  }
  await enrol(mercy, alice, markedBundle(MARK))
  await publishKey(northgate)
  const study = await openStudy(northgate)
  const consent = await grant(alice)
  const settled = await ask(northgate, { study, patient: alice, commitment: consent.commitment }, { categories: ['vitals', 'laboratory'] })
  await ended(northgate, settled.digest)
  const release = await northgate.ask('GET', `/research/requests/${settled.digest}/release`, releaseSchema)
  const bundle = await openRelease(stage.deployment, release, await northgate.secret())
  expect(JSON.stringify(bundle)).toContain('72.25')
  const second = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
  await fileAsk(northgate, second)
  await alice.send(revokeConsentCalls(stage.deployment, consent))
  await sendAsk(northgate, second)
  await ended(northgate, second.digest)
  await until(
    async () => heard.join(''),
    (text) => text.includes('access.logged') && text.includes('request.refused'),
  )
})
afterAll(async () => {
  for (const stop of stops) stop()
  await stage?.stop()
})

/** Which of these stand in a text. */
function found(text: string, searched: readonly string[]): string[] {
  return searched.filter((word) => text.includes(word))
}

/** A word as it would look in felts, hex, and base64 (at each of the three offsets). */
function disguises(word: string): string[] {
  const bytes = Buffer.from(word)
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  )
  return [word, bytes.toString('hex'), ...base64.filter((text) => text.length >= 4)]
}

const marks = [...disguises(MARK), ...VALUES]

describe('of a record that was uploaded, consented, released and refused, nothing stands', () => {
  test('on the chain: not in a transaction, not in an event', async () => {
    const head = z.object({ block_number: z.number() }).parse(await devnetRpc(stage.devnet.rpcUrl, 'starknet_blockHashAndNumber'))
    const blocks: string[] = []
    for (let number = stage.deployment.startBlock; number <= head.block_number; number++) {
      blocks.push(
        JSON.stringify(await devnetRpc(stage.devnet.rpcUrl, 'starknet_getBlockWithReceipts', { block_id: { block_number: number } })),
      )
    }
    const text = blocks.join('\n')
    expect(text).toContain('calldata')
    expect(found(text, [...marks, ...TERMS.flatMap(disguises)])).toEqual([])
  })

  test('in the database, in no column of no table', async () => {
    const rows = await stage.everyRow()
    expect(rows.length).toBeGreaterThan(20)
    expect(found(rows.join('\n'), marks)).toEqual([])
    // Parts of a record lie under the names of their categories; of consents and requests not even that is in clear.
    const others = rows.filter((row) => !row.startsWith('t_mercy.record_parts'))
    expect(found(others.join('\n'), TERMS)).toEqual([])
    // Who granted to whom is not in clear either.
    const terms = rows.filter((row) => row.startsWith('shared.context_terms'))
    expect(terms).toHaveLength(1)
    expect(found(terms.join('\n'), [northgate.address, alice.address, '0x6e6f72746867617465'])).toEqual([])
  })

  test('in a file of the gateway', async () => {
    const names = await readdir(stage.folder, { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(2)
    for (const { parentPath, name } of files) {
      const text = (await readFile(join(parentPath, name))).toString('latin1')
      expect({ file: name, found: found(text, [MARK, ...VALUES.slice(0, 3)]) }).toEqual({ file: name, found: [] })
    }
  })

  test('in the logs: no mark, no terms, no token, no salt', async () => {
    const log = stage.log.join('')
    expect(stage.log.length).toBeGreaterThan(20)
    expect(found(log, [...marks, ...TERMS, 'Bearer', 'eyJ'])).toEqual([])
    const { items } = await alice.ask('GET', '/patient/accesses', accessesSchema)
    expect(
      found(
        log,
        items.flatMap(({ salt }) => salt ?? []),
      ),
    ).toEqual([])
  })

  test('in what is told live: ids only, each to whom it concerns', () => {
    const text = heard.join('')
    expect(text).toContain('request.settled')
    expect(found(text, [...marks, ...TERMS])).toEqual([])
  })

  test('in what the other parties are shown: details go to the patient and the hospital, the data to the researcher', async () => {
    const requests = JSON.stringify(await northgate.ask('GET', '/research/requests', requestsSchema))
    expect(found(requests, marks)).toEqual([])
    const stclare = await stage.signedIn(LABELS.stclare)
    expect(await stclare.ask('GET', '/hospital/journal', journalSchema)).toEqual({ items: [], next: null })
    expect(await stclare.ask('GET', '/hospital/requests', requestsSchema)).toEqual({ items: [], next: null })
    const own = JSON.stringify(await alice.ask('GET', '/patient/accesses', accessesSchema))
    expect(found(own, marks)).toEqual([])
    expect(found(own, ['vitals', 'laboratory'])).toEqual(['vitals', 'laboratory'])
  })
})
