import { createServer, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { isNodeStuck } from './isNodeStuck.ts'

/** A node's API with one circle; `onCall` does what it does with a call. */
async function nodeThat(onCall: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/auth/token') return void response.end('{"data":{"access_token":"t"}}')
    if (request.url === '/admin-api/contexts') return void response.end('{"data":{"contexts":[{"id":"c"}]}}')
    onCall(response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return `http://127.0.0.1:${address.port}`
}

const me = { username: 'medsync', password: 'p' }

test('a node that answers is not stuck, whatever it says', async () => {
  const url = await nodeThat((response) => response.end('{"error":{"type":"Uninitialized"}}'))
  expect(await isNodeStuck({ ...me, url }, 1_000)).toBe(false)
})

test('a node that lives and leaves a call without an answer is', async () => {
  const url = await nodeThat(() => undefined)
  expect(await isNodeStuck({ ...me, url }, 100)).toBe(true)
})

test('a node that is away is not', async () => {
  expect(await isNodeStuck({ ...me, url: 'http://127.0.0.1:9' }, 100)).toBe(false)
})
