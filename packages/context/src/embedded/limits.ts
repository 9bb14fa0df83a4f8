const KIB = 1_024
const MIB = 1_024 * KIB

/**
 * What the rc.4 runtime allows one call (its `VMLimits`); the embedded engine allows the same, so that what works here works there.
 * @source calimero-runtime 0.11.0-rc.4, src/logic.rs, `VMLimits::default`.
 */
export const RUNTIME_LIMITS = {
  moduleBytes: 20 * MIB,
  memoryPages: 1_024,
  registers: 100,
  registerBytes: 100 * MIB,
  registersBytes: 1_024 * MIB,
  logs: 1_024,
  logBytes: 16 * KIB,
  events: 100,
  eventKindBytes: 100,
  eventDataBytes: 16 * KIB,
  storageKeyBytes: MIB,
  storageValueBytes: 10 * MIB,
  methodNameBytes: 256,
} as const

/**
 * Bytes of a key under which something can be kept. The runtime allows 1 MiB, but behind it the node keeps nothing of what is written under a
 * longer key, and does not say so. Here such a write fails, so that it is seen before it is lost on a network.
 * @source calimero-context 0.11.0-rc.4, src/handlers/execute/storage.rs, `state_key`.
 */
export const KEPT_KEY_BYTES = 32

/** What a node's HTTP server takes as one request, so what the arguments of one call may be together. */
export const ARGUMENT_BYTES = 2 * MIB

/** Time on a core that a call may take. The runtime has no such limit (a loop hangs the node); the embedded engine does. */
export const TIME_LIMIT_MS = 2_000
