import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

/** Lists whose order or repeats mean something; every other list is a set. */
const SEQUENCES = new Set([
  'POST /api/auth/session signature',
  'POST /api/hospital/cases/{case}/observations observations',
  'POST /api/hospital/rounds/statistics measure.edges',
  'POST /api/hospital/specialists hours',
  'PUT /api/hospital/specialists/{specialist} hours',
])

const schemaNode = z.record(z.string(), z.unknown())
const parameter = z.looseObject({ name: z.string(), in: z.string(), schema: schemaNode })
const operation = z.looseObject({
  parameters: z.array(parameter).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaNode.optional() })) }).optional(),
})
const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) })

let stage: RecordsStage
beforeAll(async () => {
  stage = await raiseRecords()
})
afterAll(() => stage.stop())

/** A list or a text somewhere in what a call takes, with its schema. */
type Found = { readonly where: string; readonly schema: Readonly<Record<string, unknown>> }

/** All lists and texts in a JSON Schema, by their place. */
function* walk(schema: unknown, where: string): Generator<Found> {
  if (Array.isArray(schema)) {
    for (const each of schema) yield* walk(each, where)
    return
  }
  if (typeof schema !== 'object' || schema === null) return
  const node = schema as Readonly<Record<string, unknown>>
  if (node['type'] === 'array' || node['type'] === 'string') yield { where, schema: node }
  for (const key of ['anyOf', 'oneOf', 'allOf', 'items', 'prefixItems', 'not', 'additionalProperties'] as const)
    yield* walk(node[key], where)
  for (const [name, each] of Object.entries((node['properties'] ?? {}) as Record<string, unknown>)) {
    yield* walk(each, /[. ]$/.test(where) ? `${where}${name}` : `${where}.${name}`)
  }
}

async function everything(): Promise<{ texts: Found[]; lists: Found[]; calls: number }> {
  const { paths } = document.parse(await (await fetch(`${stage.origin}/api/openapi.json`)).json())
  const found: Found[] = []
  let calls = 0
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
      const call = `${method.toUpperCase()} ${path} `
      calls++
      for (const { name, schema } of parameters) found.push(...walk(schema, `${call}${name}`))
      for (const { schema } of Object.values(requestBody?.content ?? {})) found.push(...walk(schema, call))
    }
  }
  const ofType = (type: string): Found[] => found.filter(({ schema }) => schema['type'] === type)
  return { texts: ofType('string'), lists: ofType('array'), calls }
}

describe('what a call takes, by the OpenAPI document', () => {
  test('every text in a body, a path, a query or a header has a greatest length', async () => {
    const { texts, calls } = await everything()
    expect(calls).toBeGreaterThan(50)
    expect(texts.length).toBeGreaterThan(60)
    const open = texts.filter(
      ({ schema }) => schema['enum'] === undefined && schema['const'] === undefined && schema['maxLength'] === undefined,
    )
    expect(open.map(({ where }) => where)).toEqual([])
  })

  test('every list has a greatest length, and takes no member twice unless it is a sequence', async () => {
    const { lists } = await everything()
    expect(lists.filter(({ schema }) => schema['maxItems'] === undefined).map(({ where }) => where)).toEqual([])
    const repeating = lists.filter(({ schema, where }) => schema['uniqueItems'] !== true && !SEQUENCES.has(where))
    expect(repeating.map(({ where }) => where)).toEqual([])
    const sets = lists.filter(({ schema }) => schema['uniqueItems'] === true).map(({ where }) => where)
    for (const set of [
      'POST /api/research/requests details.categories',
      'POST /api/patient/consents terms.purposes',
      'POST /api/research/studies details.categories',
      'POST /api/hospital/trials/{study}/invitations records',
    ])
      expect(sets).toContain(set)
  })
})

describe('queries', () => {
  test('error: a parameter that stands there twice, or that is longer than it may be', async () => {
    const mercy = await stage.signIn(LABELS.mercy)
    for (const query of [
      'limit=1&limit=2',
      'after=a&after=b',
      `after=${'a'.repeat(201)}`,
      'limit=1e9',
      'limit=',
      'limit=1.5',
      `after=${Buffer.from('9'.repeat(40)).toString('base64url')}`,
      `after=${Buffer.from('[1]').toString('base64url')}`,
    ]) {
      for (const path of ['/hospital/requests', '/hospital/journal']) {
        const answer = await mercy.json('GET', `${path}?${query}`)
        expect([query, answer.status, answer.body]).toEqual([query, 400, expect.objectContaining({ code: 'input/invalid' })])
      }
    }
    const cases = await mercy.json('GET', '/hospital/cases?status=waiting&status=done')
    expect(cases).toMatchObject({ status: 400, body: { code: 'input/invalid' } })
  })
})
