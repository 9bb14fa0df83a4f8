import type { TestProject } from 'vitest/node'
import { startDevnet } from '../devnet/startDevnet.ts'
import { devnetForTests } from '../toolchain/devnetForTests.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** JSON-RPC address of the node that the tests of one project share. */
    devnetRpcUrl: string
  }
}

/**
 * Starts one node for all tests of a project; `inject('devnetRpcUrl')` gives its address. A file that deploys on it gives a salt of its own,
 * one that stops the chain, travels in time or reorganises it starts its own node.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const devnet = await startDevnet({ binary: await devnetForTests() })
  project.provide('devnetRpcUrl', devnet.rpcUrl)
  return () => devnet.stop()
}
