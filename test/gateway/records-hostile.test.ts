import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import { caseSummarySchema, errorAnswerSchema, uploadSchema } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { condition, packedSample, smallBundle } from './records-bundles.ts'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

let stage: RecordsStage
let mercy: Client
let stclare: Client

beforeAll(async () => {
  stage = await raiseRecords()
  mercy = await stage.signIn(LABELS.mercy)
  stclare = await stage.signIn(LABELS.stclare)
  // Every thread has loaded before anything is measured.
  await Promise.all([1, 2, 3].map((number) => honest(`warm-${number}`, number === 1 ? stclare : mercy)))
})
afterAll(() => stage.stop())

const JSON_TYPE = { 'content-type': 'application/fhir+json' }
const PATIENT = '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","extension":['
const empties = (bytes: number): string => `${PATIENT}${'{},'.repeat(bytes / 3)}{}]}}]}`

async function send(client: Client, body: BodyInit, headers: Record<string, string> = JSON_TYPE): Promise<[number, string]> {
  const answer = await client.send('/hospital/bundles', { method: 'POST', body, headers })
  const said: unknown = await answer.json()
  return [answer.status, answer.ok ? 'stored' : errorAnswerSchema.parse(said).code]
}

async function honest(mrn: string, client = mercy): Promise<number> {
  const began = performance.now()
  expect((await send(client, JSON.stringify(smallBundle(mrn, [condition(mrn, 'Asthma')]))))[1]).toBe('stored')
  return performance.now() - began
}

describe('an upload that costs much keeps no other waiting', () => {
  test('beside 1 MB and 23 MB of empty extensions five honest ones are stored in their usual time', async () => {
    const packed = await packedSample('mercy/Luis923_Muller251.json.gz')
    const big = (client: Client) => send(client, packed, { 'content-type': 'application/gzip' })
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const began = performance.now()
      await work()
      return performance.now() - began
    }
    const five = (round: string): Promise<unknown> =>
      Promise.all([big(mercy), big(stclare), honest(`${round}-1`), honest(`${round}-2`), honest(`${round}-3`, stclare)])
    const alone = await timed(() => five('alone'))
    const hostile = Promise.all([send(mercy, empties(1_000_000)), send(mercy, empties(23_000_000))])
    const beside = await timed(() => five('beside'))
    expect(await hostile).toEqual([
      [413, 'record/too-complex'],
      [413, 'record/too-complex'],
    ])
    process.stdout.write(`five honest uploads: ${Math.round(alone)} ms alone, ${Math.round(beside)} ms beside two hostile ones\n`)
    expect(beside).toBeLessThan(3 * alone + 3_000)
  })

  test('uploads that arrive slowly keep no thread, and an observation at the bedside waits for none', async () => {
    const { record } = uploadSchema.parse(
      await (
        await mercy.send('/hospital/bundles', { method: 'POST', body: JSON.stringify(smallBundle('bed')), headers: JSON_TYPE })
      ).json(),
    )
    const opened = caseSummarySchema.parse(
      (await mercy.json('POST', '/hospital/cases', { record, specialty: 'cardiology', arrivedAtS: stage.gateway.clock.nowS() })).body,
    )
    const { hostname, port } = new URL(stage.origin)
    const slow = Array.from({ length: 8 }, () => {
      const socket = connect(Number(port), hostname)
      socket.write(
        `POST /api/hospital/bundles HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${mercy.session.accessToken}\r\n` +
          'content-type: application/json\r\ncontent-length: 9999\r\n\r\n{"resourceType":',
      )
      return socket
    })
    const began = performance.now()
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      effectiveDateTime: new Date(stage.gateway.clock.nowS() * 1_000).toISOString(),
      valueQuantity: { value: 72, system: 'http://unitsofmeasure.org', code: '/min' },
    }
    const added = await mercy.json('POST', `/hospital/cases/${opened.case}/observations`, { observations: [observation] })
    expect(added.status).toBe(201)
    await honest('beside-slow')
    expect(performance.now() - began).toBeLessThan(30_000)
    for (const socket of slow) socket.destroy()
  })

  test('error: more uploads than may wait are refused at once, with when to come again', async () => {
    const { hostname, port } = new URL(stage.origin)
    const sockets = Array.from({ length: 16 }, () => {
      const socket = connect(Number(port), hostname)
      socket.write(
        `POST /api/hospital/bundles HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${mercy.session.accessToken}\r\n` +
          'content-type: application/json\r\ncontent-length: 9999\r\n\r\n{',
      )
      return socket
    })
    await expect
      .poll(async () => {
        const answer = await mercy.send('/hospital/bundles', {
          method: 'POST',
          body: JSON.stringify(smallBundle('busy')),
          headers: JSON_TYPE,
        })
        return [answer.status, answer.headers.get('retry-after')]
      })
      .toEqual([503, '10'])
    await honest('another-account', stclare)
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => send(mercy, JSON.stringify(smallBundle('free-again'))), { timeout: 10_000 }).toEqual([201, 'stored'])
  })

  test('error: a small gzip of what is costly is refused as what it unpacks to', async () => {
    const bomb = gzipSync(empties(30_000_000))
    expect(bomb.length).toBeLessThan(100_000)
    expect(await send(mercy, bomb)).toEqual([413, 'record/too-complex'])
  })
})

describe('cases from public reports', () => {
  const upload = async (name: string) => {
    const body = await readFile(new URL(`../data/cases/${name}.json`, import.meta.url), 'utf8')
    const answer = await mercy.send('/hospital/bundles', { method: 'POST', body, headers: JSON_TYPE })
    expect(answer.status).toBe(201)
    return uploadSchema.parse(await answer.json())
  }

  test('the same patient id on another server: two of four measurements are stored', async () => {
    expect(await upload('reference-to-another-server')).toMatchObject({ resources: 3, withheld: [{ reason: 'another-patient', count: 2 }] })
  })

  test('a transaction with URNs, searches and a deletion: every measurement belongs to its patient', async () => {
    const { record, ...rest } = await upload('transaction-urn-and-conditional')
    expect(rest).toMatchObject({ resources: 5, uncategorised: 0, withheld: [{ reason: 'deleted', count: 1 }] })
    const opened = await stage.gateway.records.openParts('mercy', record, ['vitals'])
    expect(opened.parts.get('vitals')?.map(({ resource }) => resource['subject'])).toEqual(
      Array(3).fill({ reference: 'urn:uuid:7d3c1a52-0f4e-4b53-9a0e-2f6b8f1f9c11' }),
    )
  })

  test('two versions, the later one withdrawn: neither is stored', async () => {
    expect(await upload('two-versions-one-withdrawn')).toMatchObject({
      resources: 2,
      withheld: [
        { reason: 'withdrawn', count: 2 },
        { reason: 'superseded', count: 2 },
      ],
    })
  })

  test('extensions in the place of values: stored, and listed by the name that is there', async () => {
    expect(await upload('extensions-in-place-of-values')).toMatchObject({ resources: 4, withheld: [] })
    const { body } = await mercy.json('GET', '/hospital/records?limit=200')
    expect(JSON.stringify(body)).toContain('"name":"Ines Falkenrath","birthDate":""')
  })
})
