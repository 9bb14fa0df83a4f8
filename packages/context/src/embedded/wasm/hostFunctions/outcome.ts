import { broken, CallFailure, overLimit } from '../../failure.ts'
import { RUNTIME_LIMITS } from '../../limits.ts'
import type { CallScene, HostFunctions } from '../hostFunctions.ts'
import { panicFailure } from '../panicFailure.ts'

const ROOT_BYTES = 32
/** Parts of the descriptors: an event is two buffers, a location a buffer and two numbers, a returned value a tag and a buffer. */
const BUFFER_BYTES = 16
const TAG_BYTES = 8

/** What leaves the call: its answer, events, log lines, its commit, its panic. */
export function outcomeFunctions(scene: CallScene): HostFunctions {
  function emit(event: bigint, handlerBuffer: bigint | undefined): undefined {
    const memory = scene.memory()
    const kind = memory.span(event)
    const data = memory.span(event, BUFFER_BYTES)
    if (kind.length > RUNTIME_LIMITS.eventKindBytes) throw overLimit('event kind', RUNTIME_LIMITS.eventKindBytes)
    if (data.length > RUNTIME_LIMITS.eventDataBytes) throw overLimit('event', RUNTIME_LIMITS.eventDataBytes)
    if (scene.outcome.events.length >= RUNTIME_LIMITS.events) throw overLimit('events', RUNTIME_LIMITS.events)
    const handler = handlerBuffer === undefined || handlerBuffer === 0n ? undefined : memory.text(memory.span(handlerBuffer))
    scene.outcome.events.push({ kind: memory.text(kind), data: memory.text(data), handler })
  }

  return {
    value_return(value) {
      const memory = scene.memory()
      const isOk = memory.u32(value ?? 0n, 0) === 0
      scene.outcome.returned = { isOk, json: memory.text(memory.span(value ?? 0n, TAG_BYTES)) }
      return undefined
    },
    emit(event) {
      return emit(event ?? 0n, undefined)
    },
    emit_with_handler(event, handler) {
      return emit(event ?? 0n, handler)
    },
    log_utf8(text) {
      const memory = scene.memory()
      const span = memory.span(text ?? 0n)
      memory.text(span)
      if (scene.outcome.logLines >= RUNTIME_LIMITS.logs) throw overLimit('log lines', RUNTIME_LIMITS.logs)
      if (span.length > RUNTIME_LIMITS.logBytes) throw overLimit('log line', RUNTIME_LIMITS.logBytes)
      scene.outcome.logLines += 1
      return undefined
    },
    commit(root, artifact) {
      const memory = scene.memory()
      const rootSpan = memory.span(root ?? 0n)
      if (rootSpan.length !== ROOT_BYTES || scene.outcome.root !== undefined) throw broken('a commit that is none')
      scene.outcome.root = memory.binary(rootSpan)
      scene.outcome.artifact = memory.binary(memory.span(artifact ?? 0n))
      return undefined
    },
    emit_migration_witness(witness) {
      const { length } = scene.memory().span(witness ?? 0n)
      if (length > RUNTIME_LIMITS.storageValueBytes) throw overLimit('migration witness', RUNTIME_LIMITS.storageValueBytes)
      return undefined
    },
    panic(location) {
      throw new CallFailure({ is: 'trap', place: placeOf(scene, location ?? 0n), words: '' })
    },
    panic_utf8(message, location) {
      const memory = scene.memory()
      const words = memory.text(memory.span(message ?? 0n))
      throw new CallFailure(panicFailure(words, placeOf(scene, location ?? 0n)))
    },
  }
}

/** `file:line:column`; of the file only its end, since the rest is a path of whoever built the app. */
function placeOf(scene: CallScene, location: bigint): string {
  const memory = scene.memory()
  const file = memory.text(memory.span(location)).split(/[\\/]/).slice(-2).join('/')
  return `${file}:${memory.u32(location, BUFFER_BYTES)}:${memory.u32(location, BUFFER_BYTES + 4)}`
}
