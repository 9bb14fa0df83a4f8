import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const MAIN = join(import.meta.dirname, '../../services/gateway/src/main.ts')

/** A gateway in a process of its own, to be killed without warning and started again on what is left. */
export class GatewayProcess {
  readonly #env: Readonly<Record<string, string>>
  readonly #logPath: string
  #child: ChildProcess | undefined

  /** @param env - As for `npm start`; the same at every start. */
  constructor(env: Readonly<Record<string, string>>, logPath: string) {
    this.#env = env
    this.#logPath = logPath
  }

  /** Starts it and waits until it can decide and release. */
  async start(): Promise<void> {
    const log = createWriteStream(this.#logPath, { flags: 'a' })
    const env = { ...process.env, ...this.#env, NODE_COMPILE_CACHE: `${this.#logPath}.compiled` }
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    this.#child = child
    for (const endMs = performance.now() + 30_000; !(await this.#isReady()); await sleep(20)) {
      if (!this.isRunning || performance.now() > endMs) throw new RangeError(`the gateway did not start:\n${await this.#lastLines()}`)
    }
  }

  /** Whether the process is there. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Ends it as a power cut does (SIGKILL to this one process), and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async #lastLines(): Promise<string> {
    return (await readFile(this.#logPath, 'utf8')).split('\n').slice(-12).join('\n')
  }

  async #isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#env['GATEWAY_PORT']}/ready`, { signal: AbortSignal.timeout(2_000) })
      return answer.ok
    } catch {
      return false
    }
  }
}
