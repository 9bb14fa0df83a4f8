import { readFile } from 'node:fs/promises'
import { type CairoAssembly, type CompiledSierra, json } from 'starknet'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'

/** A built contract class, as it is declared. */
export interface Artifact {
  sierra: CompiledSierra
  casm: CairoAssembly
  classHash: string
  compiledClassHash: string
}

const hashesSchema = z.record(z.string(), z.object({ classHash: z.string(), compiledClassHash: z.string() }))

/** The hashes of every built contract, by its name. */
export async function readClassHashes(): Promise<z.output<typeof hashesSchema>> {
  return hashesSchema.parse(JSON.parse(await readText('class_hashes.json')))
}

/** Reads one built contract from contracts/artifacts. */
export async function readArtifact(contract: string): Promise<Artifact> {
  const [sierra, casm, hashes] = await Promise.all([
    readText(`${contract}.sierra.json`),
    readText(`${contract}.casm.json`),
    readClassHashes(),
  ])
  const ofContract = hashes[contract]
  if (ofContract === undefined) throw missing(contract)
  // Both come from this repository's own build, which `contracts:check` compares byte for byte; the node checks their hashes again.
  return { sierra: json.parse(sierra) as CompiledSierra, casm: json.parse(casm) as CairoAssembly, ...ofContract }
}

async function readText(name: string): Promise<string> {
  try {
    return await readFile(inProject('contracts', 'artifacts', name), 'utf8')
  } catch (cause) {
    throw missing(name, cause)
  }
}

function missing(name: string, cause?: unknown): ChoreError {
  return new ChoreError(
    'deploy/artifact-missing',
    `contracts/artifacts has no ${name}.`,
    'Check it out from git, or run `npm run contracts:build`.',
    { cause },
  )
}
