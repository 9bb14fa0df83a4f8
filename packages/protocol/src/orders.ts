import { keccak } from '@scure/starknet'
import { poseidon } from './hash.ts'
import { type AccountAddress, type Commitment, type Felt, felt, slugToOrganisationId } from './ids.ts'
import type { TypedData } from './typedData.ts'

/** One consent that takes another's place. */
export type Replacement = { readonly old: Commitment; readonly new: Commitment }

/** Many changes at once, all or nothing: first the revocations, then the replacements, then the grants. */
export type ConsentOrder = {
  readonly revoke: readonly Commitment[]
  readonly replace: readonly Replacement[]
  readonly grant: readonly Commitment[]
}

/** Changes in one order. */
export const MAX_ORDER = 300

/** What a signed order binds: this chain, this registry, this patient, every change, once, and not for long. */
export type OrderMessage = {
  readonly chainId: Felt
  readonly registry: AccountAddress
  readonly patient: AccountAddress
  readonly order: ConsentOrder
  /** `nonce_of` the signer, in the registry. */
  readonly nonce: number | bigint
  /** Carried out before this block time or never, seconds. */
  readonly deadlineS: number
}

const REPLACEMENT = '"Replacement"("Old":"felt","New":"felt")'
const TYPES = {
  domain: '"StarknetDomain"("name":"shortstring","version":"shortstring","chainId":"shortstring","revision":"shortstring")',
  replacement: REPLACEMENT,
  order: `"ConsentOrder"("Registry":"ContractAddress","Patient":"ContractAddress","Revoke":"felt*","Replace":"Replacement*","Grant":"felt*","Nonce":"u128","Deadline":"timestamp")${REPLACEMENT}`,
} as const

/** The message that a patient or guardian signs so that anybody may bring their order (SNIP-12 revision 1). */
export function orderTypedData({ chainId, registry, patient, order, nonce, deadlineS }: OrderMessage): TypedData {
  return {
    types: {
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
    },
    primaryType: 'ConsentOrder',
    domain: { name: 'MedSync', version: '1', chainId, revision: '1' },
    message: {
      Registry: registry,
      Patient: patient,
      Revoke: order.revoke,
      Replace: order.replace.map((each) => ({ Old: each.old, New: each.new })),
      Grant: order.grant,
      Nonce: String(nonce),
      Deadline: String(deadlineS),
    },
  }
}

/** What `signer` signs of it: the same as the registry's `order_hash` and as starknet.js makes of the typed data. */
export function orderHash({ chainId, registry, patient, order, nonce, deadlineS }: OrderMessage, signer: AccountAddress): Felt {
  const domain = poseidon(typeHash(TYPES.domain), slugToOrganisationId('MedSync'), 1, chainId, 1)
  const replacements = order.replace.map((each) => poseidon(typeHash(TYPES.replacement), each.old, each.new))
  const [revoke, replace, grant] = [poseidon(...order.revoke), poseidon(...replacements), poseidon(...order.grant)]
  const message = poseidon(typeHash(TYPES.order), registry, patient, revoke, replace, grant, nonce, deadlineS)
  return poseidon(slugToOrganisationId('StarkNet Message'), domain, signer, message)
}

function typeHash(type: string): Felt {
  return felt(keccak(new TextEncoder().encode(type)))
}
