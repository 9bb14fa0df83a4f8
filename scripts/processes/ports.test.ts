import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isPortTaken } from './ports.ts'

test('a free port is not taken until something listens on it', async () => {
  const port = await freePort()
  expect(await isPortTaken(port)).toBe(false)
  const server = createServer()
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  expect(await isPortTaken(port)).toBe(true)
  await new Promise((closed) => server.close(closed))
  expect(await isPortTaken(port)).toBe(false)
})
