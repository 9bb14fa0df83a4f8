import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Abi, CairoAssembly, CompiledSierra } from 'starknet'
import type { GeneratedFile } from '../codegen/generatedFile.ts'
import { inLanes } from '../inLanes.ts'
import { inProject } from '../paths.ts'
import { step } from '../progress.ts'
import { type SierraCompiler, sierraCompiler } from '../toolchain/sierraCompiler.ts'
import { abiModule, abiName } from './abiModule.ts'
import { type ClassHashes, classHashesOf } from './classHashesOf.ts'
import { compileContract } from './compileContract.ts'
import { type ContractModule, inlineSources } from './inlineSources.ts'
import { repairMarker } from './repairMarker.ts'

/** Folder of the Cairo sources, with `lib.cairo`. */
export const CAIRO_SOURCES = inProject('contracts', 'cairo')
/** Where built classes are committed, from the project's folder. */
export const ARTIFACTS = 'contracts/artifacts'
/** Where ABIs as code are committed, from the project's folder. */
export const GENERATED = 'packages/chain/src/generated'

interface BuiltContract extends ClassHashes {
  contract: string
  abi: Abi
  sierra: string
  casm: string
}

/** How many contracts are compiled at a time: two, or what MEDSYNC_BUILD_LANES says, to leave a core to others. */
export function buildLanes(): number {
  return Number(process.env['MEDSYNC_BUILD_LANES'] ?? 2)
}

/** Makes Sierra JSON text of the contracts, in the order given. */
export type SierraSource = (contracts: readonly ContractModule[]) => Promise<string[]>

/**
 * Builds every contract under contracts/cairo: all files that are committed, with their exact text.
 * @param sierraSource - Who compiles: `compileAll` for what is committed.
 */
export async function buildContracts(sierraSource: SierraSource): Promise<GeneratedFile[]> {
  const toCasm = await step('Sierra compiler', 'a few seconds the first time', sierraCompiler)
  const contracts = inlineSources(CAIRO_SOURCES).contracts.sort((a, b) => (a.name < b.name ? -1 : 1))
  const classes = await sierraSource(contracts)
  const folder = await mkdtemp(join(tmpdir(), 'medsync-contracts-'))
  try {
    const built = await Promise.all(contracts.map(({ name }, index) => finish(name, classes[index]!, folder, toCasm)))
    return [...artifactFiles(built), ...codeFiles(built)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Compiles with the WASM compiler, two contracts at a time.
 * @param options.cached - Whether a source that was compiled before may be taken from the cache folder.
 */
export function compileAll(options: { cached: boolean }): SierraSource {
  return (contracts) =>
    inLanes(buildLanes(), contracts, ({ name }) =>
      step(`compiling ${name}`, '20 to 40 s', async () => {
        const { source } = inlineSources(CAIRO_SOURCES, name)
        const sierra = JSON.parse(await compileContract(name, source, options)) as CompiledSierra
        return JSON.stringify({ ...sierra, sierra_program: repairMarker(sierra.sierra_program, name) })
      }),
    )
}

async function finish(contract: string, text: string, folder: string, toCasm: SierraCompiler): Promise<BuiltContract> {
  const { sierra_program, contract_class_version, entry_points_by_type, abi } = JSON.parse(
    text.replaceAll('"astro::', '"medsync::').replaceAll('<astro::', '<medsync::'),
  ) as CompiledSierra
  const sierra = { sierra_program, contract_class_version, entry_points_by_type, abi } satisfies CompiledSierra
  const sierraPath = join(folder, `${contract}.sierra.json`)
  const casmPath = join(folder, `${contract}.casm.json`)
  await writeFile(sierraPath, JSON.stringify(sierra))
  await toCasm(sierraPath, casmPath)
  const casm = JSON.parse(await readFile(casmPath, 'utf8')) as CairoAssembly
  return {
    contract,
    abi: sierra.abi,
    sierra: JSON.stringify(sierra),
    casm: JSON.stringify(casm),
    ...classHashesOf({ sierra, casm }),
  }
}

function artifactFiles(built: readonly BuiltContract[]): GeneratedFile[] {
  const hashes = Object.fromEntries(
    built.map(({ contract, classHash, compiledClassHash }) => [contract, { classHash, compiledClassHash } satisfies ClassHashes]),
  )
  return [
    ...built.flatMap(({ contract, sierra, casm }) => [
      { path: `${ARTIFACTS}/${contract}.sierra.json`, text: `${sierra}\n` },
      { path: `${ARTIFACTS}/${contract}.casm.json`, text: `${casm}\n` },
    ]),
    { path: `${ARTIFACTS}/class_hashes.json`, text: `${JSON.stringify(hashes, null, 2)}\n` },
  ]
}

function codeFiles(built: readonly BuiltContract[]): GeneratedFile[] {
  const exports = built.map(({ contract }) => `export { ${abiName(contract)} } from './${abiName(contract)}.ts'\n`)
  return [
    ...built.map(({ contract, abi }) => ({ path: `${GENERATED}/${abiName(contract)}.ts`, text: abiModule(contract, abi) })),
    {
      path: `${GENERATED}/index.ts`,
      text: `// Made from contracts/cairo by \`npm run contracts:build\`; not to be edited.\n${exports.join('')}`,
    },
  ]
}
