import * as z from 'zod'
import { type CriterionDraft, type CriterionKind, groupOf, newCriterion } from './criteriaDraft.ts'
import { SYSTEMS, type SystemKey } from './knownCodes.ts'

const codingSchema = z.object({ system: z.string(), code: z.string() })
const conceptSchema = z.object({ coding: z.array(codingSchema).min(1) })
const boundSchema = z.object({ value: z.number(), code: z.string() })
const lengthSchema = z.object({ value: z.number(), code: z.enum(['a', 'mo', 'wk', 'd']) })
const characteristicSchema = z.object({
  code: conceptSchema,
  exclude: z.boolean(),
  valueCodeableConcept: conceptSchema.optional(),
  valueRange: z.object({ low: boundSchema.optional(), high: boundSchema.optional() }).optional(),
  extension: z.array(z.object({ valueDuration: lengthSchema })).optional(),
})
const groupSchema = z.object({ characteristic: z.array(characteristicSchema) })

/** The rows of criteria that this form made before; undefined for a Group of another making, which it would change. */
export function draftsOf(group: unknown): CriterionDraft[] | undefined {
  const parsed = groupSchema.safeParse(group)
  if (!parsed.success) return undefined
  const drafts = parsed.data.characteristic.map((each, id) => rowOf(each, id))
  const rows = drafts.filter((draft) => draft !== undefined)
  return rows.length === drafts.length && JSON.stringify(groupOf(rows)) === JSON.stringify(group) ? rows : undefined
}

const KIND_OF_CODE: Readonly<Record<string, CriterionKind>> = {
  '30525-0': 'age',
  '46098-0': 'sex',
  '29308-4': 'condition',
  '10160-0': 'medication',
}

function rowOf(characteristic: z.output<typeof characteristicSchema>, id: number): CriterionDraft | undefined {
  const [code] = characteristic.code.coding
  if (code === undefined) return undefined
  const kind = KIND_OF_CODE[code.code] ?? 'observation'
  const { low, high } = characteristic.valueRange ?? {}
  const sought = characteristic.valueCodeableConcept?.coding ?? []
  const system = (Object.keys(SYSTEMS) as SystemKey[]).find((key) => SYSTEMS[key].url === sought[0]?.system)
  const within = characteristic.extension?.[0]?.valueDuration
  return {
    ...newCriterion(kind, []),
    id,
    isExcluded: characteristic.exclude,
    min: low === undefined ? '' : String(low.value),
    max: high === undefined ? '' : String(high.value),
    ...(kind === 'sex' ? { sex: sought[0]?.code === 'male' ? ('male' as const) : ('female' as const) } : {}),
    ...(system === undefined ? {} : { system, codes: sought.map((each) => each.code).join(', ') }),
    ...(kind === 'observation' ? { loinc: code.code, unit: (low ?? high)?.code ?? '' } : {}),
    within: within === undefined ? '' : String(within.value),
    withinUnit: within?.code ?? 'a',
  }
}
