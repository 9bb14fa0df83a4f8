// Compiles one Cairo source to Sierra: `node compileWorker.ts SOURCE SIERRA` (two files). A process of its own: the compiler blocks for
// half a minute and keeps more than a gigabyte that only an exit gives back.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import init, { compileStarknetContract } from 'wasm-cairo'

const [source = '', sierra = ''] = process.argv.slice(2)
const wasm = createRequire(import.meta.url).resolve('wasm-cairo/wasm-cairo_bg.wasm')
await init({ module_or_path: readFileSync(wasm) })
writeFileSync(sierra, compileStarknetContract(readFileSync(source, 'utf8'), true, false))
