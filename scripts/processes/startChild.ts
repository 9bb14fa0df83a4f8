import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { inProject } from '../paths.ts'

/** A program that runs beside this one until it is stopped. */
export interface Child {
  /** For people: `chain`, `gateway`. */
  name: string
  /** Where its output goes; undefined when it is thrown away. */
  logPath: string | undefined
  /** Resolves when it has ended, with its exit code. Never rejects. */
  ended: Promise<number>
  /** Whether it still runs. */
  isRunning(): boolean
  /** Asks it to stop and waits; its leash makes it stop after five seconds. */
  stop(): Promise<void>
  /** Ends it without a chance to tidy up, as a power cut would, and waits. */
  kill(): Promise<void>
}

/** What a child is started with. */
export interface ChildOptions {
  name: string
  program: string
  args: readonly string[]
  env?: Record<string, string>
  cwd?: string
  /** File that its output is added to. */
  logPath?: string
  /** Lines that must not stand in the log, e.g. keys. */
  withhold?: RegExp
  /** Runs it as this user (Unix, when root). */
  uid?: number
  gid?: number
}

const running = new Set<Child>()

/** Stops every child of this process that still runs, for an end in the middle of things. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()))
}

const LEASH = inProject('scripts', 'processes', 'leash.mjs')

/** Starts a program on a leash: it ends when this process ends, even by SIGKILL. Signals of the terminal reach only this process. */
export async function startChild({ name, program, args, env, cwd, logPath, withhold, uid, gid }: ChildOptions): Promise<Child> {
  if (logPath !== undefined) await mkdir(dirname(logPath), { recursive: true })
  const child = spawn(process.execPath, [LEASH, program, ...args], {
    stdio: ['pipe', logPath === undefined ? 'ignore' : 'pipe', logPath === undefined ? 'ignore' : 'pipe'],
    env: { ...process.env, ...env, ...(uid === undefined ? {} : { LEASH_UID: String(uid), LEASH_GID: String(gid ?? uid) }) },
    detached: process.platform !== 'win32',
    ...(cwd === undefined ? {} : { cwd }),
  })
  if (logPath !== undefined) {
    const log = createWriteStream(logPath, { flags: 'a' })
    const keep = (output: Readable | null): void => {
      if (output === null) return
      if (withhold === undefined) return void output.pipe(log, { end: false })
      createInterface({ input: output }).on('line', (line) => withhold.test(line) || log.write(`${line}\n`))
    }
    keep(child.stdout)
    keep(child.stderr)
    child.on('close', () => log.end())
  }
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
  const started: Child = {
    name,
    logPath,
    ended,
    isRunning: () => isRunning(child),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGQUIT'),
  }
  running.add(started)
  ended.then(() => running.delete(started))
  return started

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (isRunning(child)) child.kill(signal)
    await ended
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined
}
