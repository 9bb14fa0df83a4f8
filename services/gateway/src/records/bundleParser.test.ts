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

  const wrap = (json: string): string => `{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"extension":[${json}]}}]}`

  test('keeps a byte order mark, blanks between all, and what a request says out of the way', () => {
    expect(parse('\ufeff {"resourceType":"Bundle","type":"batch","entry":[ { "resource" : { "a" : 1.50e0 } } ] } ')).toEqual([
      [undefined, { a: 1.5 }, 0],
    ])
  })

  test.each<[string, string, string]>([
    ['an array of empty extensions', wrap(Array(60_000).fill('{}').join()), 'record/too-complex'],
    [
      'one object with very many names',
      wrap(`{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join()}}`),
      'record/too-complex',
    ],
    ['a list of very many numbers', wrap(`[${Array(60_000).fill('0').join()}]`), 'record/too-complex'],
    ['a number of a million digits', wrap('9'.repeat(1_000_000)), 'record/too-complex'],
    ['a number of a million digits behind its point', wrap(`0.${'1'.repeat(1_000_000)}`), 'record/too-complex'],
    ['a number beyond all numbers', wrap('1e999'), 'record/too-complex'],
    ['a text of twenty million letters', wrap(`"${'x'.repeat(20_000_000)}"`), 'record/too-complex'],
    ['a name of a thousand letters', wrap(`{"${'x'.repeat(1_000)}":1}`), 'record/invalid-resource'],
    ['a name twice in one object', wrap('{"url":"a","valueString":"x","url":"b"}'), 'record/repeated-name'],
    ['a name twice, once in escapes', wrap('{"url":"a","\\u0075rl":"b"}'), 'record/repeated-name'],
    ['its entries twice', '{"resourceType":"Bundle","type":"batch","entry":[],"entry":[]}', 'record/repeated-name'],
    ['half a surrogate', wrap('"\\ud83d"'), 'record/unreadable-text'],
    ['a null character in escapes', wrap('"\\u0000"'), 'record/unreadable-text'],
    ['a null character as it is', wrap('"\u0000"'), 'input/not-json'],
    ['brackets in brackets', wrap('['.repeat(1_000_000)), 'record/too-deep'],
    ['objects in objects', wrap('{"a":'.repeat(1_000)), 'record/too-deep'],
    ['links that are no list', '{"resourceType":"Bundle","type":"batch","link":7}', 'record/not-a-bundle'],
  ])('error: %s', (_name, text, code) => {
    expect(() => parse(text, 65_536)).toThrow(failure(code))
  })

  test('error: more entries than are taken, with and without a resource', () => {
    const parser = new BundleParser(() => undefined, { maxEntries: 2 })
    const write = (): void => parser.write(Buffer.from('{"resourceType":"Bundle","type":"batch","entry":[{},{},{}]}'))
    expect(write).toThrow(failure('record/too-many-resources'))
  })

  test('error: bytes that are no UTF-8', () => {
    const parser = new BundleParser(() => undefined)
    expect(() => parser.write(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]))).toThrow(
      failure('input/not-json'),
    )
  })

  test('brackets, commas and digits within texts count for nothing', () => {
    const text = '[{,"'.replace('"', '\\"').repeat(30_000) + '9'.repeat(1_000)
    expect(parse(wrap(`"${text}"`), 65_536)).toHaveLength(1)
  })

  test('the limit of elements is of one entry, and starts anew with the next', () => {
    const one = `{"resource":{"a":[${Array(30_000).fill('0').join()}]}}`
    expect(parse(`{"resourceType":"Bundle","type":"batch","entry":[${Array(5).fill(one).join()}]}`, 65_536)).toHaveLength(5)
  })
})
