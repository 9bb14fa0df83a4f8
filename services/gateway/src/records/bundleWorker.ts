import { parentPort } from 'node:worker_threads'
import { RecordError } from '../gatewayErrors.ts'
import type { FromWorker, ToWorker } from './bundleMessages.ts'
import { loadResourceCheck } from './checkResource.ts'
import { BundleReading } from './readBundle.ts'

/*
 * Reads and checks one Bundle at a time in a thread of its own, so that a large one never keeps the gateway from answering, and one that exhausts memory or time ends
 * this thread and not the gateway.
 */

const check = loadResourceCheck()
let current: { readonly reading: number; readonly bundle: BundleReading } | undefined

parentPort?.on('message', async (message: ToWorker) => {
  const { reading } = message
  try {
    await handle(message)
  } catch (failure) {
    forget(reading)
    const isRefused = failure instanceof RecordError
    answer(isRefused ? { reading, type: 'failed', code: failure.code, details: failure.details } : broken(reading, failure))
  }
})
answer({ type: 'ready' })

async function handle(message: ToWorker): Promise<void> {
  const { reading, type } = message
  if (type === 'open') {
    current = { reading, bundle: new BundleReading(message.limits, check) }
  } else if (type === 'abandon') {
    forget(reading)
    answer({ reading, type: 'free' })
  } else if (current?.reading === reading) {
    const { bundle } = current
    if (type === 'write') {
      bundle.write(message.bytes)
      answer({ reading, type: 'took', resources: bundle.resources })
    } else {
      const contents = await bundle.end()
      forget(reading)
      answer({ reading, type: 'done', contents })
    }
  }
}

/** Another Bundle may have begun while an abandoned one was still being packed. */
function forget(reading: number): void {
  if (current?.reading === reading) current = undefined
}

/** Something that is not the Bundle's fault; only its kind may leave the thread. */
function broken(reading: number, failure: unknown): FromWorker {
  return { reading, type: 'failed', code: 'server/internal', details: failure instanceof Error ? failure.name : '' }
}

function answer(message: FromWorker): void {
  parentPort?.postMessage(message)
}
