import { hash } from 'starknet'
import { type LogPlace, peakPath, singleLeaf } from './trees.ts'
import type { RawEvent, Sent, Value } from './world.ts'

const APPENDED = BigInt(hash.getSelectorFromName('EntryAppended'))

/**
 * Entries of a patient as `SingleEntry` wants them, rebuilt from the log's events.
 * @returns The felts of entry `index`, from 1, with its path in the tree as it stands now.
 */
export function entriesOf(events: readonly RawEvent[], place: LogPlace, patient: string): (index: number) => Value[] {
  const entries = events
    .filter(({ keys }) => keys[0] === APPENDED && keys[1] === BigInt(patient))
    .map(({ keys, data: [index = 0n, kind = 0n, reference = 0n, digest = 0n, loggedAtS = 0n] }) => ({
      index,
      hospital: keys[2] ?? 0n,
      record: { kind: Number(kind), reference, digest },
      loggedAtS,
    }))
  const leaves = entries.map(({ index, hospital, record, loggedAtS }) => singleLeaf(place, patient, index, hospital, record, loggedAtS))
  return (index) => {
    const entry = entries[index - 1]
    if (entry === undefined) throw new RangeError(`the patient has no entry ${index}`)
    const { hospital, record, loggedAtS } = entry
    const path = peakPath(leaves, index - 1)
    return [index, hospital, record.kind, record.reference, record.digest, loggedAtS, path.length, ...path]
  }
}

const BATCHED = BigInt(hash.getSelectorFromName('BatchAppended'))

/** Block time of the batches that a transaction appended, as the contract saw it. */
export function batchTimeS({ events }: Sent): bigint {
  const timeS = events.find(({ keys }) => keys[0] === BATCHED)?.data[1]
  if (timeS === undefined) throw new RangeError('no batch was appended')
  return timeS
}
