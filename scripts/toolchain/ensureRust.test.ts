import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inProject } from '../paths.ts'
import { silentProgress } from '../testing/silentProgress.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { canInstallRust, ensureRust, findRust, RUST_VERSION, type RustPlaces, WASM_TARGET } from './ensureRust.ts'

const TOOLCHAIN = 'case "$RUSTUP_AUTO_INSTALL" in 0) ;; *) exit 9;; esac'
const CARGO = `[ -e "$STATE/toolchain" ] || exit 1; echo "cargo ${RUST_VERSION} (test)"`
const RUSTC = `[ -e "$STATE/toolchain" ] || exit 1
case "$1" in --version) echo "rustc ${RUST_VERSION} (test)";; *) echo "$STATE/$4";; esac`
const RUSTUP = `echo "$*" >>"$STATE/calls"
case "$1" in toolchain) mkdir -p "$STATE/toolchain";; target) mkdir -p "$STATE/$5";; esac`

/** Makes a home with programs that behave as rustup's do; what they installed is in its folder `state`. */
function homeWith(
  programs: Record<string, string>,
  installed: readonly string[] = [],
): { places: RustPlaces; state: string; home: string } {
  const home = temporaryFolder()
  const bin = join(home, '.cargo', 'bin')
  const state = join(home, 'state')
  for (const folder of [bin, state, ...installed.map((name) => join(state, name))]) mkdirSync(folder, { recursive: true })
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\nSTATE='${state}'\n${TOOLCHAIN}\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const tools = join(home, 'tools')
  mkdirSync(tools)
  writeFileSync(join(tools, 'cc'), '#!/bin/sh\n', { mode: 0o755 })
  return { places: { path: [tools, '/usr/bin', '/bin'].join(delimiter), cargoHome: join(home, '.cargo') }, state, home }
}

function callsOf(state: string): string[] {
  const file = join(state, 'calls')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

describe('ensureRust', () => {
  afterEach(() => vi.unstubAllEnvs())

  test('a fresh machine with rustup: toolchain and target are installed, also where rustup does not install by itself', async () => {
    const { places, state } = homeWith({ cargo: CARGO, rustc: RUSTC, rustup: RUSTUP })
    expect(await findRust([WASM_TARGET], places)).toBeUndefined()
    expect(await canInstallRust([WASM_TARGET], places)).toBe(true)
    const rust = await ensureRust([WASM_TARGET], silentProgress(), places)
    expect(rust).toMatchObject({ env: { RUSTUP_TOOLCHAIN: RUST_VERSION }, version: `cargo ${RUST_VERSION} (test)` })
    expect(callsOf(state)).toEqual([
      `toolchain install ${RUST_VERSION} --profile minimal --no-self-update`,
      `target add --toolchain ${RUST_VERSION} ${WASM_TARGET}`,
    ])
  })

  test('only the missing target is installed, and nothing where all is here', async () => {
    const { places, state } = homeWith({ cargo: CARGO, rustc: RUSTC, rustup: RUSTUP }, ['toolchain'])
    await ensureRust([], silentProgress(), places)
    expect(callsOf(state)).toEqual([])
    await ensureRust([WASM_TARGET], silentProgress(), places)
    await ensureRust([WASM_TARGET], silentProgress(), places)
    expect(callsOf(state)).toEqual([`target add --toolchain ${RUST_VERSION} ${WASM_TARGET}`])
  })

  test('a rustup of another home is told where its toolchains are', async () => {
    vi.stubEnv('RUSTUP_HOME', undefined)
    const onlyThere = 'case "$RUSTUP_HOME" in */.rustup) ;; *) exit 1;; esac'
    const programs = { cargo: `${onlyThere}\n${CARGO}`, rustc: `${onlyThere}\n${RUSTC}`, rustup: 'exit 1' }
    const { places, home } = homeWith(programs, ['toolchain'])
    mkdirSync(join(home, '.rustup'))
    expect((await findRust([], places))?.env['RUSTUP_HOME']).toBe(join(home, '.rustup'))
  })

  test('error: without rustup and cargo the message says what to install', async () => {
    const { places } = homeWith({})
    expect(await canInstallRust([], places)).toBe(false)
    await expect(ensureRust([WASM_TARGET], silentProgress(), places)).rejects.toThrowError(
      `Rust ${RUST_VERSION} is needed, and neither rustup nor cargo is here. Install rustup (see rustup.rs), which brings cargo, and try again; Rust ${RUST_VERSION} and its targets are then installed for you.`,
    )
  })

  test('error: a cargo of another version without rustup is not used, and the message names it', async () => {
    const { places } = homeWith({ cargo: CARGO, rustc: 'echo "rustc 1.63.0"' }, ['toolchain'])
    const path = join(places.cargoHome, 'bin')
    await expect(ensureRust([WASM_TARGET], silentProgress(), { ...places, path })).rejects.toThrowError(
      `Rust ${RUST_VERSION} with ${WASM_TARGET} is needed, which ${path}/cargo does not offer, and there is no rustup to install it.`,
    )
  })

  test('error: what rustup says is shown when it cannot install', async () => {
    const { places } = homeWith({ cargo: CARGO, rustc: RUSTC, rustup: 'echo "could not download file" >&2; exit 1' })
    await expect(ensureRust([], silentProgress(), places)).rejects.toThrowError(
      /`rustup toolchain install [\d.]+ --profile minimal --no-self-update` failed:\ncould not download file\n/,
    )
  })

  test('error: a rustup that reports success and installs nothing is not believed', async () => {
    const { places } = homeWith({ cargo: CARGO, rustc: RUSTC, rustup: 'exit 0' })
    await expect(ensureRust([], silentProgress(), places)).rejects.toThrowError('rustup reported success')
  })

  test('every Rust program of the project names the same version', () => {
    for (const part of ['logic', 'node']) {
      const file = readFileSync(inProject('calimero-app', part, 'rust-toolchain.toml'), 'utf8')
      expect(file).toContain(`channel = "${RUST_VERSION}"`)
    }
  })
})
