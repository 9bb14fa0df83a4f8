import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientFrame, FrameReader, opcode } from './frames.ts'

const SEED = 20261121

/** As a server sends it: not masked. */
function serverFrame(kind: number, payload: Buffer, isLast = true): Buffer {
  const head = payload.length < 126 ? Buffer.of(payload.length) : payload.length < 65_536 ? Buffer.alloc(3, 126) : Buffer.alloc(9, 127)
  if (head.length === 3) head.writeUInt16BE(payload.length, 1)
  if (head.length === 9) head.writeBigUInt64BE(BigInt(payload.length), 1)
  return Buffer.concat([Buffer.of((isLast ? 0x80 : 0) | kind), head, payload])
}

test('frames are found however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 70_000 }), { minLength: 1, maxLength: 4 }), fc.nat(), (sizes, cut) => {
      const payloads = sizes.map((size, index) => Buffer.alloc(size, index))
      const bytes = Buffer.concat(payloads.map((payload) => serverFrame(opcode.text, payload)))
      const reader = new FrameReader()
      const at = cut % bytes.length
      const frames = [...reader.read(bytes.subarray(0, at)), ...reader.read(bytes.subarray(at))]
      expect(frames.map(({ payload }) => Buffer.compare(payload, payloads.shift() ?? Buffer.of()))).toEqual(sizes.map(() => 0))
    }),
    { seed: SEED, numRuns: 50 },
  )
})

test('kinds and parts of messages are told apart', () => {
  const bytes = Buffer.concat([serverFrame(opcode.text, Buffer.from('a'), false), serverFrame(opcode.ping, Buffer.of())])
  expect(new FrameReader().read(bytes)).toMatchObject([
    { opcode: opcode.text, isLast: false },
    { opcode: opcode.ping, isLast: true },
  ])
})

test.each([0, 5, 125, 126, 300])('what a client says in %i bytes is masked, and can be read with its mask', (size) => {
  const payload = Buffer.alloc(size, 'medsync')
  const frame = clientFrame(opcode.text, payload)
  const start = size < 126 ? 2 : 4
  expect((frame[1] ?? 0) & 0x80).toBe(0x80)
  const mask = frame.subarray(start, start + 4)
  expect(frame.subarray(start + 4).map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toEqual(payload)
})

test('error: a masked frame and one without end are refused', () => {
  expect(() => new FrameReader().read(clientFrame(opcode.text, Buffer.from('x')))).toThrow(RangeError)
  const endless = Buffer.concat([Buffer.of(0x81, 127), Buffer.alloc(8, 0x7f)])
  expect(() => new FrameReader().read(endless)).toThrow(RangeError)
})
