// Keeps a program from outliving who started it: `node leash.mjs PROGRAM ARGS…`, standard input held open by the starter. When that pipe
// closes, however the starter ended, the program is asked to stop, and made to after five seconds. SIGQUIT kills it at once.
import { spawn } from 'node:child_process'

const [program, ...args] = process.argv.slice(2)
const { LEASH_UID, LEASH_GID, ...env } = process.env
const user = LEASH_UID === undefined ? {} : { uid: Number(LEASH_UID), gid: Number(LEASH_GID) }
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env, ...user })
let stopping = false

function stop() {
  if (stopping) return
  stopping = true
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
}

child.on('error', (error) => {
  console.error(`error: ${program} could not be started: ${error.message}`)
  process.exit(127)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' && stopping ? 0 : 1)))
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume()
process.on('SIGQUIT', () => child.kill('SIGKILL'))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
