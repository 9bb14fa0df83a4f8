import type { PartName } from './bundleContents.ts'
import { entrySensitivities, ownSensitivities, type ReadEntry } from './entrySensitivities.ts'
import { inSlices } from './inSlices.ts'
import type { StoredEntry } from './openedRecord.ts'

/**
 * Derives the sensitivities of a whole record anew, for one that was stored under earlier rules: what a note, a prescription or a bill has from other entries
 * cannot be seen in it alone. What was found at the upload stays, as the labels of its Bundle are known only from there.
 * Codes and words of a large record take seconds to look through, so others get their turn in between.
 * @param parts - Every part of the record but the summary.
 */
export async function refreshSensitivities(parts: ReadonlyMap<PartName, readonly StoredEntry[]>): Promise<Map<PartName, StoredEntry[]>> {
  const rows = [...parts].flatMap(([part, entries]) => entries.map((entry) => ({ part, entry })))
  const entries = await inSlices(
    rows,
    ({ part, entry: { fullUrl, resource, sensitivities: known } }): ReadEntry => ({
      fullUrl,
      known,
      own: ownSensitivities(resource),
      resource,
      category: part === 'uncategorised' || part === 'summary' ? undefined : part,
    }),
  )
  const derived = entrySensitivities(entries)
  const refreshed = new Map<PartName, StoredEntry[]>()
  rows.forEach(({ part, entry }, index) => {
    const ofPart = refreshed.get(part) ?? []
    ofPart.push({ ...entry, sensitivities: derived[index] ?? ['withheld'] })
    refreshed.set(part, ofPart)
  })
  return refreshed
}
