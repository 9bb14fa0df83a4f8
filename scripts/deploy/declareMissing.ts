import type { Account } from 'starknet'
import { ChoreError } from '../choreError.ts'
import { readArtifact } from './readArtifact.ts'
import { DECLARE_GAS, transactionDetails } from './transactionDetails.ts'

/**
 * Declares the contracts that the chain does not know yet.
 * @returns Their class hashes, by contract, known before or not.
 */
export async function declareMissing<Name extends string>(account: Account, contracts: readonly Name[]): Promise<Record<Name, string>> {
  const hashes: Partial<Record<Name, string>> = {}
  const artifacts = await Promise.all(contracts.map(async (contract) => ({ contract, artifact: await readArtifact(contract) })))
  let nonce = BigInt(await account.getNonce())
  for (const { contract, artifact } of artifacts) {
    hashes[contract] = artifact.classHash
    if (await isDeclared(account, artifact.classHash)) continue
    const { sierra, casm, classHash, compiledClassHash } = artifact
    const payload = { contract: sierra, casm, classHash, compiledClassHash }
    const { transaction_hash } = await account.declare(payload, transactionDetails(nonce++, DECLARE_GAS)).catch((cause) => {
      // The library's message repeats the whole class, thousands of lines; the chain's reason is its last one.
      const reason = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause)
      throw new ChoreError('deploy/declare', `The chain refused the class of ${contract}: ${reason}`, 'Run `npm run contracts:check`.')
    })
    await account.provider.waitForTransaction(transaction_hash, { retryInterval: 50 })
  }
  return hashes as Record<Name, string>
}

/** Whether the chain knows this class. */
async function isDeclared(account: Account, classHash: string): Promise<boolean> {
  try {
    await account.provider.getClassByHash(classHash)
    return true
  } catch (error) {
    if (error instanceof Error && /class hash not found/i.test(error.message)) return false
    throw error
  }
}
