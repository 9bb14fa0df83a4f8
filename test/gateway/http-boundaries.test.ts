import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

const schemaNode = z.record(z.string(), z.unknown())
type Schema = z.output<typeof schemaNode>
const parameter = z.looseObject({ name: z.string(), in: z.string(), schema: schemaNode })
const operation = z.looseObject({
  parameters: z.array(parameter).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaNode.optional() })) }).optional(),
})
const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) })

const PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n
const hex = (value: bigint): string => `0x${value.toString(16)}`
/** What stands at the ends of what felts, addresses, whole numbers and texts can be, and just beyond. */
const STRANGE = ['0x0', hex(PRIME - 1n), hex(PRIME), hex(2n ** 251n - 1n), '9007199254740993', '-1', 'a\u0000b', '\ud800'] as const

let stage: RecordsStage
let clients: Readonly<Record<string, Client>>
beforeAll(async () => {
  stage = await raiseRecords()
  clients = {
    hospital: await stage.signIn(LABELS.mercy),
    research: await stage.signIn(LABELS.research),
    patient: await stage.signIn(LABELS.patient),
  }
})
afterAll(() => stage.stop())

/** A value of a JSON Schema; where a text is free, `text` stands in it. */
function sampleOf(schema: Schema, text: string): unknown {
  const of = (each: unknown): unknown => sampleOf(schemaNode.parse(each), text)
  const { type, enum: members, const: only, anyOf, oneOf, allOf } = schema
  if (only !== undefined) return only
  if (Array.isArray(members)) return members[0]
  const first = [anyOf, oneOf, allOf].find(Array.isArray)
  if (first !== undefined) return of(first[0])
  if (type === 'object') return Object.fromEntries(Object.entries(schemaNode.parse(schema['properties'] ?? {})).map(([k, v]) => [k, of(v)]))
  if (type === 'array') return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () => of(schema['items'] ?? {}))
  if (type === 'integer' || type === 'number') return Math.max(Number(schema['minimum'] ?? 1), 1)
  if (type === 'boolean') return true
  if (type !== 'string') return null
  if (schema['format'] === 'uuid') return '00000000-0000-4000-8000-000000000001'
  if (schema['pattern'] !== undefined) return String(schema['pattern']).includes('0x') ? '0x1' : text
  return text
}

describe('no call fails within, whatever number or text stands', () => {
  test('in its path, its query and its body', async () => {
    const { paths } = document.parse(await (await fetch(`${stage.origin}/api/openapi.json`)).json())
    const failed: string[] = []
    const answers = new Map<number, number>()
    for (const [path, methods] of Object.entries(paths)) {
      const client = clients[path.split('/')[2] ?? ''] ?? clients['patient']
      if (!path.startsWith('/api/') || path.includes('/events') || client === undefined) continue
      for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
        const schema = requestBody?.content['application/json']?.schema
        for (const strange of STRANGE) {
          const value = encodeURIComponent(strange.toWellFormed())
          const there = path.slice('/api'.length).replaceAll(/\{[^}]+\}/g, value)
          const query = parameters.filter((each) => each.in === 'query').map(({ name }) => `${name}=${value}`)
          const body = schema === undefined ? undefined : sampleOf(schema, strange)
          const asked = `${there}${query.length === 0 ? '' : `?${query.join('&')}`}`
          const answer = await client.json(method.toUpperCase(), asked, body)
          answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
          if (answer.status === 500) failed.push(`${method} ${path} ${JSON.stringify(strange)}`)
        }
      }
    }
    const causes = stage.log.filter((line) => line.includes('http.failed'))
    expect({ failed, causes }).toEqual({ failed: [], causes: [] })
    expect(answers.get(429) ?? 0).toBe(0)
  })
})
