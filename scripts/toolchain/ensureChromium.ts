import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { aptInstall, canAptInstall } from './aptInstall.ts'
import { findOnPath, isExecutable } from './findOnPath.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const PLACES = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Finds a Chromium without installing one: the path in CHROMIUM, PATH, the usual places. */
export function findChromium(): string | undefined {
  const explicit = process.env['CHROMIUM']
  if (explicit !== undefined && explicit !== '') {
    if (isExecutable(explicit)) return explicit
    throw new ChoreError('toolchain/chromium', `CHROMIUM names ${explicit}, which cannot be run.`, 'Name a Chromium, or unset CHROMIUM.')
  }
  return findOnPath(NAMES) ?? PLACES.find(isExecutable)
}

/**
 * Finds a Chromium, or installs Debian's when that can be done without asking.
 * @throws {ChoreError} `toolchain/chromium` with how to get one.
 */
export async function ensureChromium(told: Progress): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  const hint = 'Install Chromium or Chrome (Debian: apt-get install chromium), or name one in CHROMIUM.'
  if (!canAptInstall()) throw new ChoreError('toolchain/chromium', 'The end-to-end tests need a Chromium and there is none.', hint)
  const fault = await aptInstall(['chromium'], told)
  const installed = findChromium()
  if (installed === undefined) throw new ChoreError('toolchain/chromium', `apt could not install chromium:\n${fault ?? ''}`, hint)
  return installed
}
