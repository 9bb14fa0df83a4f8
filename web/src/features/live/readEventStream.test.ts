import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEventStream, type StreamMessage } from './readEventStream.ts'

async function* of(...chunks: string[]): AsyncGenerator<string> {
  yield* chunks
}

async function read(...chunks: string[]): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = []
  for await (const message of readEventStream(of(...chunks))) messages.push(message)
  return messages
}

test('messages come with their id, comments and unknown fields are passed over', async () => {
  expect(await read(': hello\n\nid: 7\nevent: message\ndata: {"a":1}\n\nretry: 10\n\n')).toEqual([{ id: '7', data: '{"a":1}' }])
})

test('an id stays until the next one, as the standard has it', async () => {
  expect(await read('id: 1\ndata: a\n\ndata: b\n\n')).toEqual([
    { id: '1', data: 'a' },
    { id: '1', data: 'b' },
  ])
})

test('several data lines are one message', async () => {
  expect(await read('data: a\ndata:b\r\n\r\n')).toEqual([{ id: undefined, data: 'a\nb' }])
})

test('a message that was not finished is not told', async () => {
  expect(await read('data: a\n')).toEqual([])
})

test('the stream reads the same wherever it is cut', async () => {
  const stream = 'id: 1\r\ndata: {"x":"é"}\r\n\r\n: beat\n\nid: 2\ndata: two\ndata: lines\n\n'
  const whole = await read(stream)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(stream.length), { maxLength: 6 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end))
      expect(await read(...chunks)).toEqual(whole)
    }),
    { seed: 3, numRuns: 200 },
  )
})
