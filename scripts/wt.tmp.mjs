import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import init, { compileStarknetContract } from 'wasm-cairo/wasm-cairo.js'

const wasm = createRequire(import.meta.url).resolve('wasm-cairo/wasm-cairo_bg.wasm')
await init({ module_or_path: readFileSync(wasm) })
for (const f of process.argv.slice(2)) {
  const t = Date.now()
  const o = compileStarknetContract(readFileSync(f, 'utf8'), true, false)
  console.log(f, o.slice(0, 60), Date.now() - t)
}
