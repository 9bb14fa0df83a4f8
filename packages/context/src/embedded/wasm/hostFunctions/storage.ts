import { overLimit } from '../../failure.ts'
import { KEPT_KEY_BYTES, RUNTIME_LIMITS } from '../../limits.ts'
import type { Transaction } from '../../store/transaction.ts'
import type { GuestMemory } from '../guestMemory.ts'
import type { CallScene, HostFunctions } from '../hostFunctions.ts'

/** The state that all members share, and the member's own that nobody else sees. */
export function storageFunctions(scene: CallScene): HostFunctions {
  function hit(register: bigint | undefined, value: string | undefined): number {
    if (value === undefined) return 0
    scene.registers.set(register ?? 0n, value)
    return 1
  }

  function write(store: Transaction, key: bigint | undefined, value: bigint | undefined): string | undefined {
    const memory = scene.memory()
    const keyBytes = readKey(memory, key)
    if (keyBytes.length > KEPT_KEY_BYTES) throw overLimit('storage key', KEPT_KEY_BYTES)
    return store.set(keyBytes, readValue(memory, value))
  }

  return {
    storage_read(key, register) {
      return hit(register, scene.shared.get(readKey(scene.memory(), key)))
    },
    storage_write(key, value, register) {
      return hit(register, write(scene.shared, key, value))
    },
    storage_remove(key, register) {
      return hit(register, scene.shared.remove(readKey(scene.memory(), key)))
    },
    private_storage_read(key, register) {
      return hit(register, scene.private.get(readKey(scene.memory(), key)))
    },
    private_storage_write(key, value) {
      write(scene.private, key, value)
      return 1
    },
    private_storage_remove(key, register) {
      return hit(register, scene.private.remove(readKey(scene.memory(), key)))
    },
  }
}

/** A key, within its limit. */
export function readKey(memory: GuestMemory, pointer: bigint | undefined): string {
  const span = memory.span(pointer ?? 0n)
  if (span.length > RUNTIME_LIMITS.storageKeyBytes) throw overLimit('storage key', RUNTIME_LIMITS.storageKeyBytes)
  return memory.binary(span)
}

/** A value, within its limit. */
export function readValue(memory: GuestMemory, pointer: bigint | undefined): string {
  const span = memory.span(pointer ?? 0n)
  if (span.length > RUNTIME_LIMITS.storageValueBytes) throw overLimit('storage value', RUNTIME_LIMITS.storageValueBytes)
  return memory.binary(span)
}
