import type { ResourceLike } from '@medsync/protocol'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'

/** FHIR puts an extension, or null in a list, in the place of a value that is not said. */
const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((said) => said ?? undefined)
const texts = z
  .array(z.unknown())
  .optional()
  .catch(undefined)
  .transform((all) => all?.filter((said) => typeof said === 'string'))
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
  given: texts,
  prefix: texts,
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
