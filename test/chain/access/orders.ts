import { type TypedData, typedData } from 'starknet'
import { callTo, type Value } from './world.ts'

/** Changes of one order, each commitment a felt. */
export type Order = {
  readonly revoke: readonly bigint[]
  readonly replace: readonly { readonly old: bigint; readonly new: bigint }[]
  readonly grant: readonly bigint[]
}

/** All that `submit_signed` takes, and the registry it goes to. */
export type Submission = {
  readonly registry: string
  readonly patient: string
  readonly signer: string
  readonly order: Order
  readonly nonce: bigint
  readonly deadlineS: bigint
  readonly signature: readonly bigint[]
}

/** An order as felts. */
export function orderFelts({ revoke, replace, grant }: Order): Value[] {
  return [revoke.length, ...revoke, replace.length, ...replace.flatMap((each) => [each.old, each.new]), grant.length, ...grant]
}

/** The call that brings a signed order. */
export function submitSigned({ registry, patient, signer, order, nonce, deadlineS, signature }: Submission) {
  return callTo(registry, 'submit_signed', [patient, signer, ...orderFelts(order), nonce, deadlineS, signature.length, ...signature])
}

/** What a wallet shows and signs, written here a second time by hand: the tests compare it with the contract, not with our own library. */
export function orderMessage(
  chainId: string,
  { registry, patient, order, nonce, deadlineS }: Omit<Submission, 'signature' | 'signer'>,
): TypedData {
  return {
    types: {
      StarknetDomain: [
        { name: 'name', type: 'shortstring' },
        { name: 'version', type: 'shortstring' },
        { name: 'chainId', type: 'shortstring' },
        { name: 'revision', type: 'shortstring' },
      ],
      Replacement: [
        { name: 'Old', type: 'felt' },
        { name: 'New', type: 'felt' },
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
    },
    primaryType: 'ConsentOrder',
    domain: { name: 'MedSync', version: '1', chainId, revision: '1' },
    message: {
      Registry: registry,
      Patient: patient,
      Revoke: order.revoke.map(hex),
      Replace: order.replace.map((each) => ({ Old: hex(each.old), New: hex(each.new) })),
      Grant: order.grant.map(hex),
      Nonce: hex(nonce),
      Deadline: hex(deadlineS),
    },
  }
}

/** Hash of the message as starknet.js computes it for an account. */
export function messageHash(message: TypedData, signer: string): bigint {
  return BigInt(typedData.getMessageHash(message, signer))
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`
}
