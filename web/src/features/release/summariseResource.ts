import * as z from 'zod'
import type { OpenedResource } from './openRelease.ts'

const codingSchema = z.object({
  text: z.string().optional(),
  coding: z.array(z.object({ display: z.string().optional(), code: z.string().optional() })).optional(),
})
const quantitySchema = z.object({ value: z.number(), unit: z.string().optional(), code: z.string().optional() })
const periodSchema = z.object({ start: z.string().optional() })

/** One line of the table: what it is, what it says, when. */
export type ResourceSummary = { readonly id: string; readonly what: string; readonly value: string; readonly date: string }

/** Fields that name a resource, the first that is there counts. */
const NAMING = ['code', 'medicationCodeableConcept', 'vaccineCode', 'type', 'class', 'category'] as const
const DATES = [
  'effectiveDateTime',
  'onsetDateTime',
  'authoredOn',
  'occurrenceDateTime',
  'performedDateTime',
  'issued',
  'recordedDate',
  'started',
  'created',
  'date',
] as const
const PERIODS = ['period', 'effectivePeriod', 'performedPeriod', 'billablePeriod'] as const

/** Says a FHIR resource in one line, as far as it is of a usual shape; the whole of it is in the download. */
export function summariseResource(resource: OpenedResource): ResourceSummary {
  return {
    id: typeof resource['id'] === 'string' ? resource['id'] : '',
    what: firstOf(NAMING, (field) => conceptText(resource[field])) ?? resource.resourceType,
    value: valueText(resource),
    date:
      firstOf(DATES, (field) => textOf(resource[field])) ??
      firstOf(PERIODS, (field) => periodSchema.safeParse(resource[field]).data?.start) ??
      '',
  }
}

function firstOf<K extends string>(fields: readonly K[], read: (field: K) => string | undefined): string | undefined {
  return fields.map(read).find((text) => text !== undefined && text !== '')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function conceptText(value: unknown): string | undefined {
  const concept = codingSchema.safeParse(Array.isArray(value) ? value[0] : value).data
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code
}

function valueText(resource: OpenedResource): string {
  const quantity = quantityText(resource['valueQuantity'])
  if (quantity !== undefined) return quantity
  const concept = conceptText(resource['valueCodeableConcept']) ?? textOf(resource['valueString'])
  if (concept !== undefined) return concept
  const components = z.array(z.looseObject({})).safeParse(resource['component']).data ?? []
  const parts = components.map((part) => [conceptText(part['code']), quantityText(part['valueQuantity'])].filter(Boolean).join(' '))
  return parts.length > 0 ? parts.join('; ') : (conceptText(resource['clinicalStatus']) ?? textOf(resource['status']) ?? '')
}

function quantityText(value: unknown): string | undefined {
  const quantity = quantitySchema.safeParse(value).data
  if (quantity === undefined) return undefined
  const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(quantity.value)
  const unit = quantity.unit ?? quantity.code
  return unit === undefined ? number : `${number} ${unit}`
}
