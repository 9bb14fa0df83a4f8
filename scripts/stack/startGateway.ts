import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { type Child, startChild } from '../processes/startChild.ts'
import type { StateFiles } from './stateFiles.ts'

/** What a gateway is started with. */
export interface GatewayOptions {
  files: StateFiles
  host: string
  port: number
  publicOrigin: string
  webDist: string
  logPath: string
  /** More for its environment, e.g. DATABASE_URL. */
  env?: Record<string, string>
  readyWithinMs?: number
}

/**
 * Starts the gateway and waits until it says that it can decide.
 * @throws {ChoreError} `start/gateway` with the end of its log.
 */
export async function startGateway(options: GatewayOptions): Promise<Child> {
  const { files, host, port, publicOrigin, webDist, logPath, env = {}, readyWithinMs = 60_000 } = options
  const samples = inProject('test', 'data', 'synthea')
  const child = await startChild({
    name: 'gateway',
    program: process.execPath,
    args: [inProject('services', 'gateway', 'src', 'main.ts')],
    cwd: inProject(),
    logPath,
    env: {
      GATEWAY_HOST: host,
      GATEWAY_PORT: String(port),
      PUBLIC_ORIGIN: publicOrigin,
      DATABASE_DIR: files.database,
      DEPLOYMENT_FILE: files.deployment,
      TENANTS_FILE: files.tenants,
      MASTER_KEY_FILE: files.masterKey,
      CONTEXT_DIR: files.context,
      DEVELOPMENT_ACCOUNTS_FILE: files.developmentAccounts,
      WEB_DIST: webDist,
      ...(existsSync(samples) ? { SAMPLES_DIR: samples } : {}),
      ...env,
    },
  })
  const untilMs = performance.now() + readyWithinMs
  for (;;) {
    const answer = await readiness(`http://${host}:${port}/ready`)
    if (answer.isReady) return child
    if (!child.isRunning() || performance.now() > untilMs) {
      await child.stop()
      const what = `The gateway did not become ready (${answer.said}):\n${await logTail(logPath)}\n`
      throw new ChoreError('start/gateway', what, `Its whole log is ${logPath}.`)
    }
    await sleep(250)
  }
}

/** The last lines of a log. */
export async function logTail(logPath: string, lines = 10): Promise<string> {
  if (!existsSync(logPath)) return '(no log)'
  return (await readFile(logPath, 'utf8')).trimEnd().split('\n').slice(-lines).join('\n')
}

async function readiness(address: string): Promise<{ isReady: boolean; said: string }> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(2_000) })
    return { isReady: answer.ok, said: await answer.text() }
  } catch (error) {
    return { isReady: false, said: error instanceof Error ? error.message : String(error) }
  }
}
