import type { ResourceLike } from '@medsync/protocol'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'

const text = z.string().optional()
const identifier = z.looseObject({
  system: text,
  value: text,
  use: text,
  type: z.looseObject({ coding: z.array(z.looseObject({ code: text })).optional() }).optional(),
})
const name = z.looseObject({
  use: text,
  text,
  family: text,
  given: z.array(z.string()).optional(),
  prefix: z.array(z.string()).optional(),
})
const patientShape = z.looseObject({
  id: text,
  identifier: z.array(identifier).optional(),
  name: z.array(name).optional(),
  birthDate: text,
})

/**
 * By which identifier the hospital knows a patient: the medical record number (type MR), else an official one, else the first with a value, else the
 * resource's own id. The same person uploaded again is known by it.
 * @throws {RecordError} `record/no-identifier`
 */
export function patientIdentifier(patient: ResourceLike): string {
  const { identifier: all = [], id } = patientShape.parse(patient)
  const usable = all.filter(({ value }) => value !== undefined && value !== '')
  const best =
    usable.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR')) ?? usable.find(({ use }) => use === 'official') ?? usable[0]
  if (best !== undefined) return JSON.stringify([best.system ?? '', best.value])
  if (id === undefined) throw new RecordError('record/no-identifier')
  return JSON.stringify(['Patient.id', id])
}

/** Name and birth date for the hospital's own list. */
export function patientLabel(patient: ResourceLike): { name: string; birthDate: string } {
  const { name: names = [], birthDate = '' } = patientShape.parse(patient)
  const best = names.find(({ use }) => use === 'official') ?? names[0]
  const spoken = best?.text ?? [...(best?.given ?? []), best?.family ?? ''].join(' ').trim()
  return { name: spoken, birthDate }
}
