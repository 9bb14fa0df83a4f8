import { copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { ensureLibclang } from './ensureLibclang.ts'
import { ensureRust } from './ensureRust.ts'
import { NODE_VERSION } from './nodeVersion.ts'

/** Crates that a build compiles. */
const CRATES = 723

/**
 * Builds calimero-app/node with cargo; about half an hour on two cores. Interrupted, it goes on where it was.
 * @param target - Where the program goes.
 * @returns `target`.
 * @throws {ChoreError} As `ensureRust`; `toolchain/libclang` or `toolchain/cargo`, with the ways that are left.
 */
export async function buildNode(folder: string, target: string, told: Progress): Promise<string> {
  const hint = `Put a calimero-node ${NODE_VERSION} anywhere and name it in MEDSYNC_NODE, or fix this and try again.`
  const rust = await ensureRust([], told)
  await mkdir(folder, { recursive: true })
  const libclang = await ensureLibclang(folder, told)
  told.note(`building calimero-node ${NODE_VERSION} with cargo, once: usually 30 min on two cores. Ctrl-C is safe, it goes on later.`)
  const targetFolder = inProject('calimero-app', 'node', 'target')
  let compiled = 0
  // Nice: half an hour of compiling must not make a person's machine wait.
  const { code, tail } = await runCommand('nice', ['-n', '19', 'cargo', 'build', '--release', '--locked'], {
    cwd: inProject('calimero-app', 'node'),
    env: { ...rust.env, ...libclang, CARGO_TARGET_DIR: targetFolder, CARGO_TERM_COLOR: 'never' },
    onLine(line) {
      if (/^\s*Compiling /.test(line)) told.update(`${++compiled} crates compiled, of at most ${CRATES}`)
      else if (/^\s*(Downloading|Downloaded|Updating) /.test(line)) told.update(line.trim())
    },
  })
  if (code !== 0) throw new ChoreError('toolchain/cargo', `cargo could not build calimero-node:\n${tail}\n`, hint)
  const part = `${target}.${process.pid}.part`
  await copyFile(join(targetFolder, 'release', process.platform === 'win32' ? 'calimero-node.exe' : 'calimero-node'), part)
  await rename(part, target)
  return target
}
