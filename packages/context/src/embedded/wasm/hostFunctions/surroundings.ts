import { createPublicKey, randomFillSync, verify } from 'node:crypto'
import { broken } from '../../failure.ts'
import type { CallScene, HostFunctions } from '../hostFunctions.ts'

const TIME_BYTES = 8
const SIGNATURE_BYTES = 64
const PUBLIC_KEY_BYTES = 32
/** What `register_len` answers for a register that was never set: u64::MAX. */
const NONE = -1n

/** What comes into the call: registers, arguments, who and where, time, chance, signatures. */
export function surroundingFunctions(scene: CallScene): HostFunctions {
  function set(register: bigint | undefined, value: string): undefined {
    scene.registers.set(register ?? 0n, value)
  }

  return {
    register_len(register) {
      const value = scene.registers.get(register ?? 0n)
      return value === undefined ? NONE : BigInt(value.length)
    },
    read_register(register, room) {
      const memory = scene.memory()
      return scene.registers.copy(register ?? 0n, memory.view(memory.span(room ?? 0n))) ? 1 : 0
    },
    input(register) {
      return set(register, scene.input)
    },
    context_id(register) {
      return set(register, scene.contextId)
    },
    executor_id(register) {
      return set(register, scene.executorId)
    },
    time_now(room) {
      const memory = scene.memory()
      const span = memory.span(room ?? 0n)
      if (span.length !== TIME_BYTES) throw broken('invalid memory access')
      memory.view(span).writeBigUInt64LE(scene.clock.read())
      return undefined
    },
    random_bytes(room) {
      const memory = scene.memory()
      randomFillSync(memory.view(memory.span(room ?? 0n)))
      return undefined
    },
    ed25519_verify(signature, publicKey, message) {
      const memory = scene.memory()
      const signatureSpan = memory.span(signature ?? 0n)
      const keySpan = memory.span(publicKey ?? 0n)
      if (signatureSpan.length !== SIGNATURE_BYTES || keySpan.length !== PUBLIC_KEY_BYTES) throw broken('invalid memory access')
      const key = createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: memory.view(keySpan).toString('base64url') },
        format: 'jwk',
      })
      return verify(null, memory.view(memory.span(message ?? 0n)), key, memory.view(signatureSpan)) ? 1 : 0
    },
  }
}
