import { createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { devnetVersion } from './devnetVersion.ts'
import { sha256File } from './sha256File.ts'

/** What is downloaded, and where it goes. */
export interface ReleaseDownload {
  /** Address below which `v<version>/<asset>` lies. */
  releases: string
  version: string
  /** For the parts that are not whole yet. */
  folder: string
  /** Path of the program when all went well. */
  target: string
  told: Progress
  /** Without a byte for so long, the download is given up. */
  stallMs?: number
  /** The machine; this one by default. */
  machine?: string
}

/** Releases that the project publishes, by platform and processor. */
const TARGETS: Record<string, string> = {
  'linux-x64': 'x86_64-unknown-linux-gnu',
  'linux-arm64': 'aarch64-unknown-linux-gnu',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
}

const STALL_MS = 20_000

/**
 * Takes starknet-devnet from its official release. Only a file with exactly the checksum published beside it is unpacked, and only a
 * program that runs here and says the right version is kept; otherwise it says why and returns false, for the next way to be tried.
 */
export async function downloadRelease(download: ReleaseDownload): Promise<boolean> {
  const { releases, version, folder, target, told, stallMs = STALL_MS, machine = `${process.platform}-${process.arch}` } = download
  const asset = `starknet-devnet-${TARGETS[machine]}.tar.gz`
  if (TARGETS[machine] === undefined) {
    told.note(`there is no release for ${machine}`)
    return false
  }
  const address = `${releases}/v${version}/${asset}`
  await mkdir(folder, { recursive: true })
  const parts = await mkdtemp(join(folder, 'release-'))
  try {
    told.update(`downloading ${address}`)
    const published = /^[0-9a-f]{64}\b/i.exec(await fetchText(`${address}.sha256`, stallMs))?.[0]?.toLowerCase()
    if (published === undefined) throw new ReleaseRefused('the checksum published beside it cannot be read')
    const archive = join(parts, asset)
    await fetchFile(address, archive, stallMs, told)
    if ((await sha256File(archive)) !== published) throw new ReleaseRefused('its checksum is not the one published beside it')
    const unpacked = await runCommand('tar', ['-xzf', archive, '-C', parts, 'starknet-devnet'])
    if (unpacked.code !== 0) throw new ReleaseRefused(`it cannot be unpacked: ${unpacked.tail}`)
    const program = join(parts, 'starknet-devnet')
    await chmod(program, 0o755)
    const said = await devnetVersion(program)
    if (said !== version) throw new ReleaseRefused(said === undefined ? 'it does not run on this machine' : `it is version ${said}`)
    await rename(program, target)
    return true
  } catch (error) {
    told.note(`the release is not used: ${reason(error)}`)
    return false
  } finally {
    await rm(parts, { recursive: true, force: true })
  }
}

/** The release was reached, and may not be used. */
class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused'
}

async function fetchText(address: string, stallMs: number): Promise<string> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(stallMs) })
  if (!answer.ok) throw new ReleaseRefused(`${address} answers ${answer.status}`)
  return await answer.text()
}

async function fetchFile(address: string, path: string, stallMs: number, told: Progress): Promise<void> {
  const stalled = new AbortController()
  let timer = setTimeout(giveUp, stallMs)
  try {
    const answer = await fetch(address, { signal: stalled.signal })
    if (!answer.ok || answer.body === null) throw new ReleaseRefused(`${address} answers ${answer.status}`)
    const sizeBytes = Number(answer.headers.get('content-length') ?? 0)
    let doneBytes = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer)
        timer = setTimeout(giveUp, stallMs)
        doneBytes += chunk.length
        told.update(`downloading, ${megabytes(doneBytes)}${sizeBytes === 0 ? '' : ` of ${megabytes(sizeBytes)}`} MB`)
        done(null, chunk)
      },
    })
    await pipeline(Readable.from(answer.body), count, createWriteStream(path), { signal: stalled.signal })
  } finally {
    clearTimeout(timer)
  }

  function giveUp(): void {
    stalled.abort(new ReleaseRefused(`nothing came for ${stallMs / 1000} s`))
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1)
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error.cause instanceof ReleaseRefused) return error.cause.message
  if (error.cause instanceof Error) return `${error.message} (${error.cause.message})`
  return error.message
}
