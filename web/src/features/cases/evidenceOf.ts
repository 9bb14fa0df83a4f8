import type { CaseDetail } from '@medsync/protocol'
import { levelOf, meaningOf, PARAMETERS, type Parameter, type Quality } from '@medsync/protocol/urgency'
import * as z from 'zod'
import { summariseResource } from '../release/summariseResource.ts'
import { CONSCIOUSNESS_WORDS } from './caseWords.ts'

/** An observation that a score stands on, as its row shows it. */
export type EvidenceSource = {
  readonly id: string
  /** What was measured, e.g. `22 /min`. */
  readonly value: string
  /** Seconds since 1970; undefined when it does not say. */
  readonly measuredAtS: number | undefined
  readonly origin: 'case' | 'record'
  readonly resource: unknown
}
/** One vital sign: its points and where they come from. */
export type EvidenceRow = {
  readonly parameter: Parameter
  readonly points: number
  readonly state: 'current' | 'outdated' | 'missing'
  readonly sources: readonly EvidenceSource[]
}

const codings = z.object({ coding: z.array(z.object({ system: z.string().optional(), code: z.string().optional() })).optional() })
const partSchema = z.looseObject({ code: codings.optional() })
const resourceSchema = z.looseObject({
  resourceType: z.string(),
  component: z.array(partSchema).optional().catch(undefined),
})

/** The seven vital signs of a case, in the order of the chart of NEWS2, each with the observations that it stands on. */
export function evidenceOf({ urgency, observations }: Pick<CaseDetail, 'urgency' | 'observations'>): EvidenceRow[] {
  return PARAMETERS.map((parameter) => {
    const found = urgency.evidence.vitals.find((vital) => vital.parameter === parameter)
    const state = urgency.missing.includes(parameter) ? 'missing' : urgency.outdated.includes(parameter) ? 'outdated' : 'current'
    return {
      parameter,
      points: found?.points ?? 0,
      state,
      sources: (found?.sources ?? []).flatMap((source) => sourceOf(observations, source, parameter) ?? []),
    }
  })
}

/** An observation of a case by its id, as a row shows it; undefined when the answer did not bring it. */
export function sourceOf(observations: CaseDetail['observations'], id: string, quality: Quality): EvidenceSource | undefined {
  const observation = observations.find((each) => each.id === id)
  const parsed = resourceSchema.safeParse(observation?.resource)
  if (observation === undefined || !parsed.success) return undefined
  const { value, date } = summariseResource(partAbout(parsed.data, quality))
  const measuredMs = Date.parse(date === '' ? summariseResource(parsed.data).date : date)
  return {
    id,
    value: levelWords(parsed.data) ?? (saysItItself(parsed.data) ? summariseResource(parsed.data).what : readable(value)),
    measuredAtS: Number.isNaN(measuredMs) ? undefined : Math.floor(measuredMs / 1000),
    origin: observation.origin,
    resource: observation.resource,
  }
}

/** The part of a panel (blood pressure) that is about this, with what the whole says of time; the whole when it is no panel. */
function partAbout(resource: z.output<typeof resourceSchema>, quality: Quality): z.output<typeof resourceSchema> {
  const part = resource.component?.find(({ code }) => meaningOf(code?.coding ?? [])?.quality === quality)
  return part === undefined ? resource : { ...part, resourceType: resource.resourceType }
}

/** Some codes say it all themselves, as "breathing room air" does, whatever their value. */
function saysItItself({ code }: z.output<typeof resourceSchema>): boolean {
  const parsed = codings.safeParse(code)
  return parsed.success && meaningOf(parsed.data.coding ?? [])?.kind === 'oxygen'
}

/** A level of consciousness in our words: records often bring its code alone. */
function levelWords({ valueCodeableConcept }: z.output<typeof resourceSchema>): string | undefined {
  const level = levelOf(codings.safeParse(valueCodeableConcept).data?.coding ?? [])
  return level === undefined ? undefined : CONSCIOUSNESS_WORDS[level]
}

/** Units of UCUM that records spell out as they are coded. */
function readable(value: string): string {
  return value.replace(/ mm\[Hg\]$/, ' mmHg').replace(/ Cel$/, ' °C')
}
