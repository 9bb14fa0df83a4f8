import type { PartName } from './bundleContents.ts'
import { entrySensitivities, type ReadEntry } from './entrySensitivities.ts'
import type { StoredEntry } from './openedRecord.ts'

/**
 * Derives the sensitivities of a whole record anew, for one that was stored under earlier rules: what a note, a prescription or a bill has from other entries
 * cannot be seen in it alone. What was found at the upload stays, as the labels of its Bundle are known only from there.
 * @param parts - Every part of the record but the summary.
 */
export function refreshSensitivities(parts: ReadonlyMap<PartName, readonly StoredEntry[]>): Map<PartName, StoredEntry[]> {
  const rows = [...parts].flatMap(([part, entries]) => entries.map((entry) => ({ part, entry })))
  const entries = rows.map(
    ({ part, entry: { fullUrl, resource, sensitivities: known } }): ReadEntry => ({
      fullUrl,
      known,
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
