import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { NodeClient } from '../node/nodeClient.ts'
import { followNode } from './followNode.ts'
import { opcode } from './frames.ts'
import type { ToldEvent } from './nodeMessage.ts'

/** A node of which only sign-in and WebSocket are there: each connection is handed to the test. */
async function startTeller(takes: (token: string) => boolean = () => true) {
  const lines: Duplex[] = []
  let given = 0
  const server: Server = createServer((_request, answer) => {
    given += 1
    answer.end(JSON.stringify({ data: { access_token: `token-${given}` } }))
  })
  server.on('upgrade', (request: IncomingMessage, line: Duplex) => {
    if (!takes(request.headers.authorization ?? '')) return line.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    line.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`)
    line.on('error', () => line.destroy())
    line.once('data', () => line.write(frame(opcode.text, JSON.stringify({ id: 1, result: { contextIds: ['c'] } }))))
    lines.push(line)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { lines, client: new NodeClient({ url: `http://127.0.0.1:${port}`, username: 'u', password: 'p' }) }
}

function frame(kind: number, text: string, isLast = true): Buffer {
  const size = Buffer.alloc(2)
  size.writeUInt16BE(Buffer.byteLength(text))
  return Buffer.concat([Buffer.of((isLast ? 0x80 : 0) | kind, 126), size, Buffer.from(text)])
}

function change(contextId: string, ...events: { kind: string; data: string }[]): string {
  const told = events.map(({ kind, data }) => ({ kind, data: [...Buffer.from(data)], handler: null }))
  return JSON.stringify({ id: null, result: { contextId, type: 'StateMutation', data: { newRoot: 'r', events: told } } })
}

/** Follows, and writes down what is heard; the following ends with the test. */
function follow(client: NodeClient) {
  const heard: (ToldEvent | 'hearing' | 'deaf')[] = []
  const stop = new AbortController()
  const ear = {
    onEvents: (events: readonly ToldEvent[]) => heard.push(...events),
    onHearing: () => heard.push('hearing'),
    onDeaf: () => heard.push('deaf'),
  }
  const following = followNode(client, 'c', ear, stop.signal)
  const end = async (): Promise<void> => {
    stop.abort()
    await following
  }
  onTestFinished(end)
  return { heard, end }
}

test('events are heard in order, also those that come in parts; other contexts and other messages are passed over', async () => {
  const { lines, client } = await startTeller()
  const { heard } = follow(client)
  await expect.poll(() => heard).toEqual(['hearing'])
  const text = change('c', { kind: 'A', data: '{"n":1}' }, { kind: 'B', data: 'no JSON' })
  lines[0]?.write(frame(opcode.text, change('another', { kind: 'X', data: '1' })))
  lines[0]?.write(frame(opcode.text, JSON.stringify({ id: null, result: { contextId: 'c', type: 'SyncStatus', data: {} } })))
  lines[0]?.write(frame(opcode.text, 'no JSON'))
  lines[0]?.write(frame(opcode.text, text.slice(0, 20), false))
  lines[0]?.write(frame(opcode.continuation, text.slice(20)))
  await expect.poll(() => heard).toEqual(['hearing', { kind: 'A', data: { n: 1 } }, { kind: 'B', data: 'no JSON' }])
})

test('a ping is answered, so that the node keeps the connection', async () => {
  const { lines, client } = await startTeller()
  const { heard } = follow(client)
  await expect.poll(() => heard).toEqual(['hearing'])
  const answered = new Promise<Buffer>((resolve) => lines[0]?.once('data', resolve))
  lines[0]?.write(frame(opcode.ping, 'are you there'))
  expect((await answered)[0]).toBe(0x80 | opcode.pong)
})

test('when the connection breaks it connects again', async () => {
  const { lines, client } = await startTeller()
  const { heard } = follow(client)
  await expect.poll(() => heard).toEqual(['hearing'])
  lines[0]?.destroy()
  await expect.poll(() => heard).toEqual(['hearing', 'deaf', 'hearing'])
  expect(lines).toHaveLength(2)
})

test('a node that sends what is no frame is left, and connected to again', async () => {
  const { lines, client } = await startTeller()
  const { heard } = follow(client)
  await expect.poll(() => heard).toEqual(['hearing'])
  lines[0]?.write(Buffer.from([0x81, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  await expect.poll(() => heard).toEqual(['hearing', 'deaf', 'hearing'])
})

test('when the node does not take the token it gets another', async () => {
  const { client } = await startTeller((token) => token === 'Bearer token-2')
  const { heard } = follow(client)
  await expect.poll(() => heard).toEqual(['deaf', 'hearing'])
})

test('it ends at once when it is told to, though the node says nothing', async () => {
  const { lines, client } = await startTeller()
  const { heard, end } = follow(client)
  await expect.poll(() => heard).toEqual(['hearing'])
  const closed = new Promise<void>((resolve) => lines[0]?.once('end', resolve))
  lines[0]?.resume()
  await end()
  await closed
  expect(heard).toEqual(['hearing'])
})
