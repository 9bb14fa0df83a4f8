import type { RecordId, RecordPatient } from '@medsync/protocol'
import type { SealedRecords } from './sealedRecords.ts'

/**
 * Names the patient of each of a hospital's own items, for its staff: from the sealed record at this moment; nothing is kept.
 * @example
 * await withPatients(records, 'mercy', [{ record }]) // [{ record, patient: { name: 'Luis Muller', birthDate: '1961-07-19' } }]
 */
export async function withPatients<T extends { readonly record: RecordId }>(
  records: Pick<SealedRecords, 'patientsOf'>,
  tenant: string,
  items: readonly T[],
): Promise<(T & { patient: RecordPatient })[]> {
  if (items.length === 0) return []
  const found = await records.patientsOf(tenant, [...new Set(items.map(({ record }) => record))])
  return items.map((item) => ({ ...item, patient: found.get(item.record) ?? null }))
}
