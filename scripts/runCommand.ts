import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** How a command ended. */
export interface CommandEnd {
  /** Exit code; 127 when the program is not there, 124 when it took too long or was aborted. */
  code: number
  /** Standard output, whole. */
  output: string
  /** The last lines of both streams, for a message. */
  tail: string
}

/** What may be set for a command; all of it optional. */
export interface CommandOptions {
  cwd?: string
  /** Added to the environment of this process. */
  env?: Record<string, string>
  /** Called with each line as it comes, of either stream. */
  onLine?: (line: string) => void
  timeoutMs?: number
  signal?: AbortSignal
  /** Runs the command as this user (Unix, when root). */
  uid?: number
  gid?: number
}

const TAIL_LINES = 12

/** Runs a program to its end, without a shell. Never throws for how the program ended: read `code`. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandEnd> {
  const { cwd, env, onLine, timeoutMs, signal, uid, gid } = options
  return new Promise((resolve) => {
    const output: string[] = []
    const tail: string[] = []
    const signals = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter((each) => each !== undefined)
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      signal: AbortSignal.any(signals),
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    })
    for (const [stream, isOutput] of [
      [child.stdout, true],
      [child.stderr, false],
    ] as const) {
      createInterface({ input: stream }).on('line', (line) => {
        if (isOutput) output.push(line)
        tail.push(line)
        if (tail.length > TAIL_LINES) tail.shift()
        onLine?.(line)
      })
    }
    let failed: number | undefined
    const endWithUs = (): boolean => child.kill()
    process.once('exit', endWithUs)
    child.on('error', (error: NodeJS.ErrnoException) => {
      failed = error.name === 'AbortError' ? 124 : 127
      tail.push(error.message)
      if (child.pid === undefined) end(failed)
    })
    child.on('close', (code) => end(failed ?? code ?? 1))

    function end(code: number): void {
      process.off('exit', endWithUs)
      resolve({ code, output: output.join('\n'), tail: tail.join('\n') })
    }
  })
}
