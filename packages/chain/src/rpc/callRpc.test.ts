import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { feltSchema } from '@medsync/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { AnswerTooLargeError, ChainFailureError, ChainUnreachableError } from '../errors.ts'
import { callRpc } from './callRpc.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A node that answers as told. */
async function node(answer: (response: ServerResponse) => void): Promise<string> {
  server = createServer((_, response) => answer(response))
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const ask = (url: string, options = {}) => callRpc(url, 'starknet_chainId', {}, feltSchema, options)
const json = (body: unknown) => (response: ServerResponse) => void response.end(JSON.stringify(body))

describe('callRpc', () => {
  test('gives the answer in its shape', async () => {
    expect(await ask(await node(json({ jsonrpc: '2.0', id: 1, result: '0x0AB' })))).toBe('0xab')
  })

  test('error: an error of the node keeps its number, and never tells what was sent', async () => {
    const url = await node(json({ error: { code: 24, message: 'Block not found' } }))
    const failure = await ask(url).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ChainFailureError)
    expect(failure).toMatchObject({ rpcCode: 24, what: 'The transaction failed. (starknet_chainId: 24 Block not found)' })
  })

  test.each([
    ['another shape', json({ result: { not: 'a felt' } })],
    ['no JSON', (response: ServerResponse) => void response.end('<html>Bad gateway</html>')],
    ['nothing at all', (response: ServerResponse) => void response.destroy()],
  ])('error: %s is no answer', async (_, answer) => {
    await expect(ask(await node(answer))).rejects.toBeInstanceOf(ChainUnreachableError)
  })

  test('error: an answer that does not come in time is no answer', async () => {
    await expect(ask(await node(() => undefined), { timeoutMs: 50 })).rejects.toBeInstanceOf(ChainUnreachableError)
  })

  test('error: an answer that does not end is read no further than it may be long', async () => {
    const endless = (response: ServerResponse): void => {
      const write = (): void => {
        while (!response.destroyed && response.write('0'.repeat(65_536)));
        response.once('drain', write)
      }
      write()
    }
    await expect(ask(await node(endless), { maxBytes: 1_048_576 })).rejects.toBeInstanceOf(AnswerTooLargeError)
    const hex = `0x${'0'.repeat(60)}ab`
    expect(await ask(await node(json({ result: hex })), { maxBytes: 100 })).toBe('0xab')
    await expect(ask(await node(json({ result: hex })), { maxBytes: 50 })).rejects.toBeInstanceOf(AnswerTooLargeError)
  })

  test('error: who calls it off is told so, not that the chain is away', async () => {
    const stopping = new AbortController()
    const asked = ask(await node(() => undefined), { signal: stopping.signal })
    stopping.abort(new RangeError('stop'))
    await expect(asked).rejects.toThrow('stop')
    await expect(ask('http://127.0.0.1:9/', { signal: stopping.signal })).rejects.toThrow('stop')
  })
})
