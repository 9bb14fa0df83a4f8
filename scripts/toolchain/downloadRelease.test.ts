import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { silentProgress } from '../testing/silentProgress.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { downloadRelease } from './downloadRelease.ts'

const ASSET = 'starknet-devnet-x86_64-unknown-linux-gnu.tar.gz'
const PATH = `/v0.8.1/${ASSET}`

/** A release as the project publishes it, with a program that only says its version. */
function archiveOf(version: string): Buffer {
  const folder = writeFiles(temporaryFolder(), { 'starknet-devnet': `#!/bin/sh\necho starknet-devnet ${version}\n` }, 0o755)
  execFileSync('tar', ['-czf', join(folder, 'archive'), '-C', folder, 'starknet-devnet'])
  return readFileSync(join(folder, 'archive'))
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Serves these answers by path on a free port until the test has finished; what is not there is 404. */
async function serve(answers: Record<string, Buffer | string | RequestListener>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    if (typeof answer === 'function') return answer(request, response)
    response.statusCode = answer === undefined ? 404 : 200
    response.end(answer)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return `http://127.0.0.1:${address.port}`
}

async function download(releases: string, options: { stallMs?: number; machine?: string } = {}) {
  const folder = temporaryFolder()
  const target = join(folder, 'starknet-devnet-0.8.1')
  const told = silentProgress()
  const isDone = await downloadRelease({ releases, version: '0.8.1', folder, target, told, machine: 'linux-x64', ...options })
  return { isDone, target, notes: told.notes, left: readdirSync(folder) }
}

describe('downloadRelease', () => {
  test('keeps a program whose checksum and version are right', async () => {
    const archive = archiveOf('0.8.1')
    const { isDone, target, left } = await download(await serve({ [PATH]: archive, [`${PATH}.sha256`]: `${sha256(archive)}  ${ASSET}\n` }))
    expect(isDone).toBe(true)
    expect(execFileSync(target, { encoding: 'utf8' })).toBe('starknet-devnet 0.8.1\n')
    expect(left).toEqual(['starknet-devnet-0.8.1'])
  })

  test('error: another checksum than the one published is refused, and nothing is left', async () => {
    const server = await serve({ [PATH]: archiveOf('0.8.1'), [`${PATH}.sha256`]: '0'.repeat(64) })
    const { isDone, notes, left } = await download(server)
    expect(isDone).toBe(false)
    expect(notes).toEqual(['the release is not used: its checksum is not the one published beside it'])
    expect(left).toEqual([])
  })

  test('error: without a published checksum nothing is fetched', async () => {
    let isAsked = false
    const server = await serve({
      [PATH]: (_request, response) => {
        isAsked = true
        response.end()
      },
    })
    const { isDone, notes } = await download(server)
    expect([isDone, isAsked]).toEqual([false, false])
    expect(notes[0]).toMatch(/the release is not used: .*\.sha256 answers 404/)
  })

  test('error: an unreadable checksum is none', async () => {
    const { isDone, notes } = await download(await serve({ [PATH]: archiveOf('0.8.1'), [`${PATH}.sha256`]: '<html>' }))
    expect([isDone, notes]).toEqual([false, ['the release is not used: the checksum published beside it cannot be read']])
  })

  test('error: a download that stalls is given up', async () => {
    const archive = archiveOf('0.8.1')
    const server = await serve({
      [`${PATH}.sha256`]: sha256(archive),
      [PATH]: (_request, response) => void response.write(archive.subarray(0, 10)),
    })
    const { isDone, notes, left } = await download(server, { stallMs: 200 })
    expect([isDone, notes, left]).toEqual([false, ['the release is not used: nothing came for 0.2 s'], []])
  })

  test('error: a server that never answers is given up', async () => {
    const { isDone, notes } = await download(await serve({ [`${PATH}.sha256`]: () => undefined }), { stallMs: 200 })
    expect([isDone, notes]).toEqual([false, ['the release is not used: no answer in time']])
  })

  test('error: nobody there', async () => {
    const { isDone, notes } = await download('http://127.0.0.1:9')
    expect(isDone).toBe(false)
    expect(notes[0]).toMatch(/^the release is not used: fetch failed/)
  })

  test('error: a program of another version is refused', async () => {
    const archive = archiveOf('0.9.0')
    const { isDone, notes, target } = await download(await serve({ [PATH]: archive, [`${PATH}.sha256`]: sha256(archive) }))
    expect([isDone, notes, existsSync(target)]).toEqual([false, ['the release is not used: it is version 0.9.0'], false])
  })

  test('error: a machine without a release', async () => {
    const { isDone, notes } = await download('http://127.0.0.1:9', { machine: 'sunos-x64' })
    expect([isDone, notes]).toEqual([false, ['there is no release for sunos-x64']])
  })
})
