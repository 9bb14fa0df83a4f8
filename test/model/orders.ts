import { typedData } from 'starknet'
import type { Order } from './consents.ts'

const TYPES = {
  StarknetDomain: [
    { name: 'name', type: 'shortstring' },
    { name: 'version', type: 'shortstring' },
    { name: 'chainId', type: 'shortstring' },
    { name: 'revision', type: 'shortstring' },
  ],
  ConsentOrder: [
    { name: 'Registry', type: 'ContractAddress' },
    { name: 'Patient', type: 'ContractAddress' },
    { name: 'Revoke', type: 'felt*' },
    { name: 'Replace', type: 'Replacement*' },
    { name: 'Grant', type: 'felt*' },
    { name: 'Nonce', type: 'u128' },
    { name: 'Deadline', type: 'timestamp' },
  ],
  Replacement: [
    { name: 'Old', type: 'felt' },
    { name: 'New', type: 'felt' },
  ],
}

/** An order with everything that its signature binds. */
export type SignedOrder = {
  readonly chainId: bigint
  readonly registry: bigint
  readonly patient: bigint
  readonly signer: bigint
  readonly order: Order
  readonly nonce: bigint
  readonly deadlineS: bigint
}

const known = new Map<string, bigint>()

/**
 * What the signer signs, by the wallet library's own arithmetic.
 * @source SNIP-12, revision 1.
 */
export function orderHash(signed: SignedOrder): bigint {
  const key = JSON.stringify(signed, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  const before = known.get(key)
  if (before !== undefined) return before
  if (known.size > 1_000) known.clear()
  const { chainId, registry, patient, signer, order, nonce, deadlineS } = signed
  const message = {
    Registry: text(registry),
    Patient: text(patient),
    Revoke: order.revoke.map(text),
    Replace: order.replace.map((each) => ({ Old: text(each.old), New: text(each.new) })),
    Grant: order.grant.map(text),
    Nonce: text(nonce),
    Deadline: text(deadlineS),
  }
  const domain = { name: 'MedSync', version: '1', chainId: text(chainId), revision: '1' }
  const hash = BigInt(typedData.getMessageHash({ types: TYPES, primaryType: 'ConsentOrder', domain, message }, text(signer)))
  known.set(key, hash)
  return hash
}

function text(value: bigint): string {
  return `0x${value.toString(16)}`
}
