import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { DEVNET_VERSION } from './devnetVersion.ts'
import { ensureRust } from './ensureRust.ts'

/** Crates that the build of this version compiles. */
const CRATES = 635

/** Less optimised and as fast in use (12 against 11 ms a transaction), in a third of the time. */
const FAST_PROFILE = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '32',
  CARGO_PROFILE_RELEASE_STRIP: 'symbols',
}

/**
 * Builds the published starknet-devnet crate with cargo; about 15 minutes on two cores. Interrupted, it goes on where it was.
 * @throws {ChoreError} As `ensureRust`; `toolchain/cargo`, with the ways that are left.
 */
export async function buildDevnet(folder: string, target: string, told: Progress): Promise<void> {
  const hint = `Put a starknet-devnet ${DEVNET_VERSION} anywhere and name it in MEDSYNC_DEVNET, or fix this; then try again.`
  const rust = await ensureRust([], told)
  await mkdir(folder, { recursive: true })
  told.note(`building starknet-devnet ${DEVNET_VERSION} with cargo, once: usually 15 min on two cores. Ctrl-C is safe, it goes on later.`)
  const root = join(folder, 'devnet-install')
  const targetFolder = join(folder, 'devnet-build')
  let compiled = 0
  const { code, tail } = await runCommand(
    'cargo',
    ['install', 'starknet-devnet', '--version', DEVNET_VERSION, '--locked', '--force', '--root', root],
    {
      env: { ...rust.env, ...FAST_PROFILE, CARGO_TARGET_DIR: targetFolder, CARGO_TERM_COLOR: 'never' },
      onLine(line) {
        if (/^\s*(Compiling|Checking) /.test(line)) told.update(`${++compiled} crates compiled, of at most ${CRATES}`)
        else if (/^\s*(Downloading|Downloaded|Updating|Installing) /.test(line)) told.update(line.trim())
      },
    },
  )
  if (code !== 0) throw new ChoreError('toolchain/cargo', `cargo could not build starknet-devnet:\n${tail}`, hint)
  await rename(join(root, 'bin', process.platform === 'win32' ? 'starknet-devnet.exe' : 'starknet-devnet'), target)
  await rm(root, { recursive: true, force: true })
  await rm(targetFolder, { recursive: true, force: true })
}
