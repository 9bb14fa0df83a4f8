import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedEngine, type EmbeddedOptions, type EngineLogLine, openEmbeddedEngine } from '@medsync/context/embedded'
import { EngineError } from '@medsync/context/engine'
import { onTestFinished } from 'vitest'
import { roughApp } from './roughApp.ts'

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-context-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** An engine that is closed after the test, with what it logged. */
export async function openEngine(
  options: Partial<EmbeddedOptions> & { readonly folder: string },
): Promise<EmbeddedEngine & { readonly lines: EngineLogLine[] }> {
  const lines: EngineLogLine[] = []
  const engine = await openEmbeddedEngine({
    wasm: roughApp(),
    members: ['mercy', 'lakeside'],
    onLog: (line) => lines.push(line),
    ...options,
  })
  onTestFinished(() => engine.close())
  return Object.assign(engine, { lines })
}

/** What a call fails with: its class and its words. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (failure) {
    if (failure instanceof EngineError) return `${failure.name}: ${failure.message}`
    throw failure
  }
  throw new Error('The call should have failed, and did not.')
}
