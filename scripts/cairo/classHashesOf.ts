import { type CairoAssembly, type CompiledSierra, hash } from 'starknet'

/** What the chain calls a class, and its compiled form. */
export interface ClassHashes {
  classHash: string
  compiledClassHash: string
}

/** Computes the hashes of a class as the chain does (BLAKE2s for the compiled form, as of Starknet 0.14.1). */
export function classHashesOf({ sierra, casm }: { sierra: CompiledSierra; casm: CairoAssembly }): ClassHashes {
  return { classHash: hash.computeContractClassHash(sierra), compiledClassHash: hash.computeCompiledClassHashBlake(casm) }
}
