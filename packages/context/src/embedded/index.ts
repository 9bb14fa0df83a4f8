export type { EmbeddedEngine } from './embeddedEngine.ts'
export { RUNTIME_LIMITS } from './limits.ts'
export { type EmbeddedOptions, openEmbeddedEngine } from './openEmbeddedEngine.ts'
export type { EngineLogLine } from './wire.ts'
