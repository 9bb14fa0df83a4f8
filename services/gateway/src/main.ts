import { MedsyncError } from '@medsync/protocol'
import { composeGateway } from './composition.ts'
import { readEnv } from './env.ts'
import { framesOf } from './http/framesOf.ts'
import { StandbyServer } from './http/standbyServer.ts'
import { buildServer } from './server.ts'

/** How long running requests may take to finish when the gateway stops. */
const FINISH_MS = 5_000

/**
 * Starts a gateway from the environment and stops it when asked to (SIGTERM, Ctrl-C): no new requests, running ones finish, then the database
 * closes. While another gateway uses the database, it stands by; when another one has taken over, the process ends at once.
 */
async function main(): Promise<void> {
  const env = readEnv()
  const standby = new StandbyServer(env)
  const stopping = new AbortController()
  let stop = (_signal: string): Promise<void> => standby.close()
  const onSignal = (signal: string): void => {
    if (stopping.signal.aborted) return
    stopping.abort()
    void stop(signal)
  }
  process.once('SIGTERM', onSignal)
  process.once('SIGINT', onSignal)
  const turn = {
    signal: stopping.signal,
    onStandby: () => void standby.open().catch(fail),
    // Nothing may be finished or written any more: not even a graceful stop.
    onLost: () => process.exit(1),
  }
  const gateway = await composeGateway(env, { turn }).catch((failure: unknown) => {
    // Told to stop before it began.
    if (!stopping.signal.aborted) throw failure
  })
  if (gateway === undefined) return
  const server = await buildServer(gateway)
  stop = async (signal) => {
    gateway.log.info({ event: 'gateway.stopping', signal }, 'stopping')
    const force = setTimeout(() => server.server.closeAllConnections(), FINISH_MS)
    await server.close()
    clearTimeout(force)
    await gateway.stop()
    gateway.log.info({ event: 'gateway.stopped' }, 'stopped')
  }
  await standby.close()
  if (stopping.signal.aborted) return await stop('before it listened')
  await server.listen({ host: env.GATEWAY_HOST, port: env.GATEWAY_PORT })
  gateway.log.info({ event: 'gateway.started', origin: env.PUBLIC_ORIGIN }, 'started')
}

function fail(failure: unknown): void {
  const words = failure instanceof MedsyncError ? failure.message : 'The gateway could not start.'
  process.stderr.write(`${words}\n${JSON.stringify(framesOf(failure))}\n`)
  process.exitCode = 1
}

await main().catch(fail)
