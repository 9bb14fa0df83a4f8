// node calimero-app/build.ts: compiles the private context's app to WebAssembly and writes it, with its ABI, to calimero-app/res.
//   --sign KEYFILE   also packs and signs the bundle that nodes install; the key is made when the file is not there
//   --check          writes nothing: what is committed must be, byte for byte, what the sources give on this machine, too
//   --hostile OUT    only writes, to OUT (a .wasm or .mpk), the app with methods that try to forge: for tests of what peers refuse
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkApp, signerOf } from '../scripts/app/checkApp.ts'
import { type CompiledApp, compileApp } from '../scripts/app/compileApp.ts'
import { hostileBundle } from '../scripts/app/hostileBundle.ts'
import { signApp } from '../scripts/app/signApp.ts'
import { openSigningKey } from '../scripts/app/signingKey.ts'
import { runChore } from '../scripts/runChore.ts'

const RES = join(import.meta.dirname, 'res')

await runChore(async () => {
  const options = { check: { type: 'boolean' }, sign: { type: 'string' }, hostile: { type: 'string' } } as const
  const { check, sign, hostile } = parseArgs({ options }).values
  if (hostile !== undefined) {
    const { wasm } = await compileApp(['hostile'])
    return await writeFile(hostile, hostile.endsWith('.mpk') ? await hostileBundle(wasm) : wasm)
  }
  // Before the long part: a key that cannot be used must not be found out after it.
  const signing = sign === undefined ? undefined : await openSigningKey(sign)
  const app = await compileApp()
  if (check === true) return console.log(await checkApp(app, RES))
  await write('medsync.wasm', app.wasm)
  await write('abi.json', app.abi)
  if (signing !== undefined) await write('medsync.mpk', await signApp(app, signing.key))
  if (signing?.isNew) console.log('The signing key is new: to nodes this is another app than any signed before.')
  console.log(
    (await isSigned(app)) ? 'Next: commit calimero-app/res.' : 'The bundle is that of other code. Next: sign it, with --sign KEYFILE.',
  )
})

async function write(name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(RES, { recursive: true })
  await writeFile(join(RES, name), bytes)
  console.log(`  ${name}: ${bytes.length} bytes`)
}

async function isSigned(app: CompiledApp): Promise<boolean> {
  const bundle = await readFile(join(RES, 'medsync.mpk')).catch(() => Buffer.alloc(0))
  return signerOf(bundle, app) !== undefined
}
