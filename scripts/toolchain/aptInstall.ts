import { existsSync } from 'node:fs'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'

/** Whether Debian packages can be installed here without asking anyone. */
export function canAptInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/** Installs Debian packages; gives undefined when that went well, else the end of what apt said. */
export async function aptInstall(packages: readonly string[], told: Progress): Promise<string | undefined> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const onLine = (line: string): void => told.update(line.slice(0, 80))
  const update = await runCommand('apt-get', ['update', '-q'], { env, onLine })
  if (update.code !== 0) return update.tail
  const install = await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env, onLine })
  return install.code === 0 ? undefined : install.tail
}
