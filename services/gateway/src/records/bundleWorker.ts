import { parentPort } from 'node:worker_threads'
import { RecordError } from '../gatewayErrors.ts'
import type { FromWorker, ToWorker } from './bundleMessages.ts'
import { loadResourceCheck } from './checkResource.ts'
import { BundleReading } from './readBundle.ts'

/*
 * Reads and checks Bundles in a thread of its own, so that a large one never keeps the gateway from answering, and one that exhausts memory ends this
 * thread and not the gateway.
 */

const check = loadResourceCheck()
const readings = new Map<number, BundleReading>()

parentPort?.on('message', async (message: ToWorker) => {
  try {
    await handle(message)
  } catch (failure) {
    readings.delete(message.reading)
    const { reading } = message
    answer(
      failure instanceof RecordError ? { reading, type: 'failed', code: failure.code, details: failure.details } : broken(reading, failure),
    )
  }
})

async function handle(message: ToWorker): Promise<void> {
  const { reading, type } = message
  if (type === 'open') {
    readings.set(reading, new BundleReading(message.limits, check))
  } else if (type === 'abandon') {
    readings.delete(reading)
  } else if (type === 'write') {
    const open = readings.get(reading)
    if (open === undefined) return
    open.write(message.bytes)
    answer({ reading, type: 'took', resources: open.resources })
  } else {
    const contents = await readings.get(reading)?.end()
    readings.delete(reading)
    if (contents !== undefined) answer({ reading, type: 'done', contents })
  }
}

/** Something that is not the Bundle's fault; only its kind may leave the thread. */
function broken(reading: number, failure: unknown): FromWorker {
  return { reading, type: 'failed', code: 'server/internal', details: failure instanceof Error ? failure.name : '' }
}

function answer(message: FromWorker): void {
  parentPort?.postMessage(message)
}
