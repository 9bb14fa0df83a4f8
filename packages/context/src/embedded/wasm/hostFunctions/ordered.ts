import type { CallScene, HostFunctions } from '../hostFunctions.ts'
import { readKey, readValue } from './storage.ts'

const LENGTH_BYTES = 4

/** The ordered index behind sorted maps. A node derives it for itself from the shared state; here one serves all members. */
export function orderedFunctions(scene: CallScene): HostFunctions {
  return {
    storage_index_set(key, value) {
      const memory = scene.memory()
      scene.shared.setOrdered(readKey(memory, key), readValue(memory, value))
      return 1
    },
    storage_index_remove(key) {
      scene.shared.removeOrdered(readKey(scene.memory(), key))
      return 1
    },
    storage_index_remove_prefix(prefix) {
      scene.shared.removeOrderedWith(readKey(scene.memory(), prefix))
      return 1
    },
    /** `limit` is one more than wanted; 0 wants all. */
    storage_index_scan(low, high, offset, limit, register) {
      const memory = scene.memory()
      const most = limit === undefined || limit === 0n ? Number.MAX_SAFE_INTEGER : Number(limit) - 1
      const pairs = scene.shared.scan(readKey(memory, low), readKey(memory, high), Number(offset ?? 0n), most)
      scene.registers.set(register ?? 0n, encodePairs(pairs))
      return 1
    },
    storage_index_last(low, high, register) {
      const memory = scene.memory()
      const pair = scene.shared.last(readKey(memory, low), readKey(memory, high))
      scene.registers.set(register ?? 0n, encodePairs(pair === undefined ? [] : [pair]))
      return 1
    },
  }
}

/** `u32 count`, then for each pair `u32 length, key, u32 length, value`; little end first. */
function encodePairs(pairs: readonly [string, string][]): string {
  const sizeBytes = pairs.reduce((sum, [key, value]) => sum + 2 * LENGTH_BYTES + key.length + value.length, LENGTH_BYTES)
  const bytes = Buffer.allocUnsafe(sizeBytes)
  let at = bytes.writeUInt32LE(pairs.length)
  for (const part of pairs.flat()) {
    at = bytes.writeUInt32LE(part.length, at)
    at += bytes.write(part, at, 'latin1')
  }
  return bytes.toString('latin1')
}
