import type { Deployment } from '../deployment.ts'

/**
 * Whether the chain runs on this machine, for trying MedSync out. Anything else, a private address included, counts as real: there no development
 * account and no sample is ever shown.
 */
export function isLocalNetwork({ rpcUrl }: Pick<Deployment, 'rpcUrl'>): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(rpcUrl).hostname)
}
