import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../processes/ports.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { startStack } from './startStack.ts'
import { lockHolder } from './stateLock.ts'

/** A port that another program holds until the test has finished. */
async function takenPort(): Promise<number> {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return port
}

test('error: a taken port is named with the way to another one, and the folder is given back', async () => {
  const gatewayPort = await takenPort()
  const folder = temporaryFolder()
  const options = { folder, host: '127.0.0.1', gatewayPort, devnetPort: await freePort(), publicOrigin: 'http://localhost' }
  await expect(startStack(options)).rejects.toThrowError(
    `Port ${gatewayPort}, for the portals, is taken by another program. End that program, or choose another port: GATEWAY_PORT=${gatewayPort + 1} npm start`,
  )
  expect(lockHolder(join(folder, 'lock'))).toBeUndefined()
})

test("error: so is the chain's", async () => {
  const devnetPort = await takenPort()
  const options = {
    folder: temporaryFolder(),
    host: '127.0.0.1',
    gatewayPort: await freePort(),
    devnetPort,
    publicOrigin: 'http://localhost',
  }
  await expect(startStack(options)).rejects.toThrowError(`DEVNET_PORT=${devnetPort + 1} npm start`)
})
