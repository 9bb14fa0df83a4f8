import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { cargoEnv } from './cargoEnv.ts'

function cargoThat(script: string): { home: string; path: string } {
  const home = temporaryFolder()
  const path = join(home, '.cargo', 'bin')
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'cargo'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(path, 'cargo'), 0o755)
  return { home, path }
}

describe('cargoEnv', () => {
  test('a cargo that runs needs nothing', async () => {
    expect(await cargoEnv(cargoThat('exit 0').path)).toEqual({})
  })

  test('a rustup cargo of another home is told where its toolchains are', async () => {
    const { home, path } = cargoThat('case "$RUSTUP_HOME" in */.rustup) exit 0;; *) exit 1;; esac')
    expect(await cargoEnv(path)).toEqual({ RUSTUP_HOME: join(home, '.rustup') })
  })

  test('error: no cargo, or one that never runs', async () => {
    expect(await cargoEnv(temporaryFolder())).toBeUndefined()
    expect(await cargoEnv(cargoThat('exit 1').path)).toBeUndefined()
  })
})
