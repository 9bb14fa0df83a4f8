import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../runCommand.ts'

/** What ours is measured beside; nothing of MedSync needs them, so only the bench installs them, into a folder that goes away. */
const PEERS = { 'jiff-mpc': '1.0.0', 'shamir-secret-sharing': '0.0.4' }
const INSTALL_MS = 120_000

/**
 * Installs the peers and hands over their folder; `measure` gets none when the package registry cannot be reached.
 * @example
 * await withPeers((folder) => benchSharing(folder))
 */
export async function withPeers(measure: (folder: string | undefined) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-peers-'))
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }))
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const { code } = await runCommand(npm, ['install', ...options], { cwd: folder, timeoutMs: INSTALL_MS })
    if (code !== 0) console.warn('The peers could not be installed, so their rows are left out: see that npm can reach its registry.')
    await measure(code === 0 ? folder : undefined)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
