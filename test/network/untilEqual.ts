import type { CalimeroEngine } from '@medsync/context/calimero'
import { expect } from 'vitest'
import { PATIENTLY } from './networkStage.ts'

/** Waits until these nodes know the same: the hashes of their whole state are equal. */
export async function untilEqual(engine: CalimeroEngine, names: readonly string[]): Promise<void> {
  const differing = async (): Promise<number> => {
    const nodes = await engine.status()
    return new Set(names.map((name) => nodes.find(({ member }) => member === name)?.stateHash ?? name)).size
  }
  await expect.poll(differing, { ...PATIENTLY, interval: 100 }).toBe(1)
}
