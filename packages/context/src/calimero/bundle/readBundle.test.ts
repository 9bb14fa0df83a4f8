import { createHash, createPrivateKey } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type ArchiveFile, readArchive, writeArchive } from './archive.ts'
import { applicationIdOf } from './bundleIds.ts'
import { readBundle } from './readBundle.ts'
import { signBundle } from './signBundle.ts'

/** Key `number`, always the same: PKCS#8 of an ed25519 seed. */
function key(number: number) {
  const seed = Buffer.alloc(32, number)
  return createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
}

const parts = {
  version: '1.2.3',
  packageName: 'org.example.app',
  metadata: { name: 'An app', description: 'For tests', license: 'MIT' },
  wasm: Buffer.from('code'),
  abi: Buffer.from('{}'),
}
/** The same for every test. */
const bundle = signBundle(parts, key(7))

/** The bundle with other files in it. */
function withFiles(change: (file: ArchiveFile) => ArchiveFile | ArchiveFile[]): Uint8Array {
  return writeArchive(readArchive(bundle).flatMap(change))
}

function withManifest(change: (manifest: Record<string, unknown>) => object): Uint8Array {
  return withFiles((file) => {
    if (file.name !== 'manifest.json') return file
    return { ...file, bytes: Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(file.bytes).toString())))) }
  })
}

const bad = { algorithm: 'ed25519', publicKey: 'A'.repeat(43), signature: 'A'.repeat(86) }

function reasonOf(changed: Uint8Array): string {
  try {
    readBundle(changed)
  } catch (error) {
    return String(error)
  }
  return 'taken'
}

test('a bundle gives back what was signed, and its id on every node', () => {
  const { wasm, abi, ...about } = readBundle(bundle)
  expect([Buffer.from(wasm).toString(), Buffer.from(abi).toString()]).toEqual(['code', '{}'])
  expect(about).toMatchInlineSnapshot(`
    {
      "applicationId": "Efmud1Mdum7EUrGhtq6pC7rAhWpxQyYoUM5iZ2XHbVJo",
      "hash": "38ad94f846453262d4e02b559334b397a431308dae07e7c3291cd45978ec1ef9",
      "signerId": "did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z",
      "version": "1.2.3+5694d08a2e53",
    }
  `)
})

test('the same parts and key give the same bytes, other code another version, another key another app', () => {
  expect(signBundle(parts, key(7))).toEqual(bundle)
  const other = readBundle(signBundle({ ...parts, wasm: Buffer.from('other') }, key(7)))
  expect(other.version).not.toBe(readBundle(bundle).version)
  expect(other.applicationId).toBe(readBundle(bundle).applicationId)
  expect(readBundle(signBundle(parts, key(8))).applicationId).not.toBe(other.applicationId)
})

test('ids are those that a real node gave', () => {
  expect(applicationIdOf('org.medsync.context', 'did:key:z6MkkoBujcu87tmW5e5y3MxguAJC5kWD19RZ5imhxW5zNSc4')).toBe(
    'GKrzA3XpVYGHM5NwxXCcYDPKGDLMP2665ry3nciYVDeE',
  )
})

test('any tar program reads the archive', () => {
  const tar = gunzipSync(bundle)
  expect(tar.toString('latin1', 257, 262)).toBe('ustar')
  const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  expect(Number.parseInt(tar.toString('latin1', 148, 154), 8)).toBe(sum)
})

test.each<[string, Uint8Array, string]>([
  [
    'other code',
    withFiles((file) => (file.name === 'app.wasm' ? { ...file, bytes: Buffer.from('evil') } : file)),
    'app.wasm is not the file',
  ],
  ['code that is missing', withFiles((file) => (file.name === 'app.wasm' ? [] : file)), 'more than code, ABI and manifest'],
  [
    'a second manifest',
    withFiles((file) => (file.name === 'abi.json' ? [file, { ...file, name: 'x/manifest.json' }] : file)),
    'more than code',
  ],
  [
    'code twice',
    withFiles((file) => (file.name === 'app.wasm' ? [file, { ...file, bytes: Buffer.from('evil') }] : file)),
    'more than code',
  ],
  ['no manifest', withFiles((file) => (file.name === 'manifest.json' ? [] : file)), 'no manifest'],
  ['another name', withManifest((manifest) => ({ ...manifest, package: 'org.example.other' })), 'the signature is wrong'],
  ['another signer', withManifest((manifest) => ({ ...manifest, signerId: 'did:key:zOther' })), 'the signature is wrong'],
  ['a field that nobody signed', withManifest((manifest) => ({ ...manifest, _overwrite: true })), 'manifest is malformed'],
  [
    'a key that is none',
    withManifest((manifest) => ({ ...manifest, signature: { ...bad, publicKey: '!'.repeat(43) } })),
    'manifest is malformed',
  ],
  ['no signature', withManifest(({ signature: _, ...manifest }) => manifest), 'manifest is malformed'],
  ['bytes behind the end', Buffer.concat([bundle, Buffer.from('more')]), 'no archive'],
  ['a second archive behind the first', Buffer.concat([bundle, bundle]), 'not packed as ours'],
  ['the same files packed by another program', gzipSync(gunzipSync(bundle)), 'not packed as ours'],
  ['half of it', bundle.subarray(0, bundle.length / 2), 'no archive'],
  ['nothing', Buffer.alloc(0), 'no archive'],
  ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), 'no archive, or too large'],
  ['no tar', gzipSync(Buffer.from('\u0001'.repeat(600))), 'ends in the middle'],
])('error: %s', (_, changed, reason) => {
  expect(reasonOf(changed)).toContain(reason)
})

test('error: a key that signed, but not the one that the manifest names', () => {
  const manifestOf = (of: Uint8Array) => JSON.parse(Buffer.from(readArchive(of)[0]!.bytes).toString())
  const foreign = manifestOf(signBundle(parts, key(8)))
  expect(reasonOf(withManifest((manifest) => ({ ...manifest, signature: foreign.signature })))).toContain('the signature is wrong')
})

test('every single byte counts', () => {
  const step = 37
  for (let at = 0; at < bundle.length; at += step) {
    const changed = Buffer.from(bundle)
    changed[at]! ^= 1
    expect(reasonOf(changed), `byte ${at}`).toMatch(/BundleError|cannot be trusted/)
  }
  expect(createHash('sha256').update(bundle).digest('hex')).toBe(readBundle(bundle).hash)
})
