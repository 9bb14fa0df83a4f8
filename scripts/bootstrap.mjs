// The first thing every chore runs, on whatever Node is there (20 or newer) and with nothing installed: makes sure that the right Node and the
// project's packages are here, then hands over to scripts/<chore>.ts. Plain JavaScript, no dependency.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_VERSION = '24.21.0'
const OLDEST_NODE = 20
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const TOOL_BIN = join(ROOT, '.tool', 'node_modules', '.bin')
const NODE = join(ROOT, '.tool', 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const MARKER = join(ROOT, 'node_modules', '.medsync-lock-hash')
const [chore = '', ...args] = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  fail(
    `This is Node ${process.versions.node}; MedSync needs ${OLDEST_NODE} or newer to begin with.`,
    'Install a newer Node, then run the same command again.',
  )
}
if (!/^[a-z-]+$/.test(chore) || !existsSync(join(ROOT, 'scripts', `${chore}.ts`))) {
  fail(`There is no chore called "${chore}".`, 'See "scripts" in package.json for what there is.')
}
await ensureNode()
await ensurePackages()
const path = [TOOL_BIN, join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
process.exit(await run(NODE, [join(ROOT, 'scripts', `${chore}.ts`), ...args], { PATH: path }, 'inherit'))

/** Node of the right version in .tool: on another one npm skips packages, and TypeScript does not run. */
async function ensureNode() {
  if (existsSync(NODE) && versionOfTool() === NODE_VERSION) return
  await install('Node', `Node ${NODE_VERSION} into .tool (190 MB, usually 20 s)`, [
    'install',
    '--prefix',
    join(ROOT, '.tool'),
    '--no-audit',
    '--no-fund',
    '--no-save',
    `node@${NODE_VERSION}`,
  ])
  if (!existsSync(NODE)) fail(`Node ${NODE_VERSION} did not arrive in .tool.`, 'Delete the folder .tool and try again.')
}

function versionOfTool() {
  const file = join(ROOT, '.tool', 'node_modules', 'node', 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined
}

/** The packages of package-lock.json, installed again only when that file changed. */
async function ensurePackages() {
  const hash = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === hash) return
  rmSync(MARKER, { force: true })
  await install('packages', 'the packages of package-lock.json (usually 1 to 3 min)', ['ci', '--no-audit', '--no-fund'])
  writeFileSync(MARKER, hash)
}

async function install(what, words, npmArgs) {
  const startedMs = Date.now()
  console.log(`  … installing ${words}`)
  const tick = setInterval(() => console.log(`  … still installing ${what}, ${Math.round((Date.now() - startedMs) / 1000)} s`), 15_000)
  const output = []
  const [command, first] = npmCommand()
  const code = await run(
    command,
    [...first, ...npmArgs],
    { PATH: [TOOL_BIN, process.env.PATH].join(delimiter) },
    ['ignore', 'pipe', 'pipe'],
    output,
  )
  clearInterval(tick)
  if (code === 0) return console.log(`  ✓ ${what} installed, ${((Date.now() - startedMs) / 1000).toFixed(1)} s`)
  const lines = output.join('').trim().split('\n')
  const offline = lines.find((line) => /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(line))
  if (offline !== undefined)
    fail(`npm could not reach its registry to install ${words}: ${offline}`, 'The network is needed once. Try again when there is one.')
  fail(`npm could not install ${words}:\n${lines.slice(-15).join('\n')}`, "Read npm's message above, then try again.")
}

/** npm as it started us, so that nothing else has to be on PATH. */
function npmCommand() {
  const npm = process.env.npm_execpath
  if (npm !== undefined && /\.c?js$/.test(npm)) return [existsSync(NODE) ? NODE : process.execPath, [npm]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

/** Runs a program to its end, hands signals on, and gives its exit code. */
function run(command, commandArgs, env, stdio, output) {
  return new Promise((done) => {
    const child = spawn(command, commandArgs, { stdio, cwd: ROOT, env: { ...process.env, ...env }, shell: command.endsWith('.cmd') })
    child.stdout?.on('data', (chunk) => output.push(String(chunk)))
    child.stderr?.on('data', (chunk) => output.push(String(chunk)))
    const handOn = (signal) => child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, handOn)
    child.on('error', (error) => {
      output?.push(error.message)
      done(127)
    })
    child.on('exit', (code, signal) => {
      for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(each, handOn)
      done(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1))
    })
  })
}

function fail(what, hint) {
  console.error(`\nerror: ${what}\n       ${hint}`)
  process.exit(1)
}
