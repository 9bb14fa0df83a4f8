import { MedsyncError } from '@medsync/protocol'
import { composeGateway } from './composition.ts'
import { readEnv } from './env.ts'
import { framesOf } from './http/framesOf.ts'
import { buildServer } from './server.ts'

/** How long running requests may take to finish when the gateway stops. */
const FINISH_MS = 5_000

/** Starts a gateway from the environment and stops it when asked to (SIGTERM, Ctrl-C): no new requests, running ones finish, then the database closes. */
async function main(): Promise<void> {
  const env = readEnv()
  const gateway = await composeGateway(env)
  const server = await buildServer(gateway)
  let isStopping = false
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    gateway.log.info({ event: 'gateway.stopping', signal }, 'stopping')
    const force = setTimeout(() => server.server.closeAllConnections(), FINISH_MS)
    await server.close()
    clearTimeout(force)
    await gateway.stop()
    gateway.log.info({ event: 'gateway.stopped' }, 'stopped')
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  await server.listen({ host: env.GATEWAY_HOST, port: env.GATEWAY_PORT })
  gateway.log.info({ event: 'gateway.started', origin: env.PUBLIC_ORIGIN }, 'started')
}

await main().catch((failure: unknown) => {
  const words = failure instanceof MedsyncError ? failure.message : 'The gateway could not start.'
  process.stderr.write(`${words}\n${JSON.stringify(framesOf(failure))}\n`)
  process.exitCode = 1
})
