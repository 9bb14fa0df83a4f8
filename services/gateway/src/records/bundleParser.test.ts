import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BundleParser } from './bundleParser.ts'

type Entry = [string | undefined, unknown, number]

/** Parses a text that arrives in pieces of this size. */
function parse(text: string, pieceBytes = 7): Entry[] {
  const entries: Entry[] = []
  const parser = new BundleParser((...entry) => entries.push(entry))
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) parser.write(bytes.subarray(at, at + pieceBytes))
  parser.end()
  return entries
}

const failure = (code: string) => expect.objectContaining({ code })

describe('the Bundle parser', () => {
  test('hands over each entry whole, however the bytes are cut', () => {
    const bundle = {
      type: 'batch',
      link: [{ url: 'x' }],
      entry: [{ fullUrl: 'urn:1', resource: { a: ['é'] } }, { resource: { b: {} } }],
      resourceType: 'Bundle',
    }
    const expected = [
      ['urn:1', { a: ['é'] }, 0],
      [undefined, { b: {} }, 1],
    ]
    for (const size of [1, 2, 5, 1_000]) expect(parse(JSON.stringify(bundle), size)).toEqual(expected)
  })

  test('passes over entries without a resource, and knows an empty Bundle', () => {
    expect(parse('{"resourceType":"Bundle","type":"batch","entry":[{"request":{}}]}')).toEqual([])
    expect(parse('{"resourceType":"Bundle","type":"batch"}')).toEqual([])
  })

  test('reads any resource as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), fc.integer({ min: 1, max: 40 }), (resource, size) => {
        const text = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: [{ resource }] })
        expect(JSON.stringify(parse(text, size)[0]?.[1])).toBe(JSON.stringify(JSON.parse(text).entry[0].resource))
      }),
      { seed: 42, numRuns: 300 },
    )
  })

  test('error: what is not JSON, or not whole', () => {
    for (const text of [
      '',
      '  ',
      'x',
      '{"resourceType":"Bundle"',
      '{"resourceType":"Bundle",}',
      '{} {}',
      '{"resourceType":"Bundle","type":"batch"}]',
    ]) {
      expect(() => parse(text)).toThrow(failure('input/not-json'))
    }
  })

  test('error: what is JSON and no Bundle', () => {
    for (const text of [
      '[]',
      '{}',
      '5',
      '"Bundle"',
      'null',
      '{"resourceType":"Patient"}',
      '{"resourceType":"Bundle"}',
      '{"resourceType":"Bundle","type":"history"}',
    ]) {
      expect(() => parse(text)).toThrow(failure('record/not-a-bundle'))
    }
    expect(() => parse('{"resourceType":"Bundle","type":"batch","entry":{"a":{"resource":{}}}}')).toThrow(failure('record/not-a-bundle'))
    expect(() => parse('{"resourceType":"Bundle","type":"batch","entry":[7]}')).toThrow(failure('record/invalid-resource'))
  })

  test('error: nested deeper than any resource is', () => {
    const deep = `{"resourceType":"Bundle","type":"batch","entry":[{"resource":${'['.repeat(70)}${']'.repeat(70)}}]}`
    expect(() => parse(deep)).toThrow(failure('record/too-deep'))
  })
})
