import type { ResourceLike } from '@medsync/protocol'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'
import { identifierRank, isPlaceholder, plainSystem, plainValue } from './identifierRules.ts'

/** Most identifiers, and most names, that are looked at; those that identify best come first. */
const MOST = 40
const LONGEST = 1_000

const text = z.string().optional().catch(undefined)
const texts = z
  .array(z.unknown())
  .catch([])
  .transform((all) => all.filter((one): one is string => typeof one === 'string'))
const period = z.looseObject({ end: text }).optional().catch(undefined)
const coding = z.looseObject({ system: text, code: text })
const identifierShape = z.looseObject({
  system: text,
  value: text,
  use: text,
  period,
  type: z
    .looseObject({ coding: z.array(coding).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})
const nameShape = z.looseObject({ use: text, text, family: text, given: texts.optional(), period })

/** All items of a list that have the shape; what has another one says nothing. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => (item.safeParse(one).data as z.output<Item> | undefined) ?? []))
}

const patientShape = z.looseObject({ id: text, identifier: listOf(identifierShape), name: listOf(nameShape), birthDate: text })

type FhirIdentifier = z.output<typeof identifierShape>
type FhirName = z.output<typeof nameShape>

/** An identifier that can tell one person from another, in the form in which two are compared. */
export type PersonIdentifier = {
  readonly system: string
  readonly value: string
  /** From 1, the medical record number, to 5, a number that several people can share. */
  readonly rank: number
  /** Day, month or year after which it is no longer the person's. */
  readonly endsOn: string | undefined
}

/** A name in the parts in which it was given. */
export type PersonName = { readonly family: string; readonly given: string; readonly text: string; readonly endsOn: string | undefined }

/** What tells whose record a Bundle is. In memory only. */
export type PatientIdentity = {
  /** Best first; none when no identifier has both a system and a value that identify somebody. */
  readonly identifiers: readonly PersonIdentifier[]
  /** Names in use, the one that is shown first. */
  readonly names: readonly PersonName[]
  /** As in FHIR; empty when it is not given. */
  readonly birthDate: string
  /** Under what a record was stored before identifiers had to have a system: these identifiers as they were written, and numbers alone. */
  readonly formerly: { readonly withSystem: readonly string[]; readonly withoutSystem: readonly string[] }
}

/**
 * Reads who a Patient is. An identifier counts when it has a system and a value, neither of them a placeholder, and is neither old nor temporary.
 * @throws {RecordError} `record/no-identifier`: no identifier has a value, and there is no id either.
 */
export function patientIdentity(patient: ResourceLike): PatientIdentity {
  const { identifier: all, id, name: names, birthDate = '' } = patientShape.parse(patient)
  const valued = all.filter(({ value }) => value !== undefined && value !== '')
  if (valued.length === 0 && id === undefined) throw new RecordError('record/no-identifier')
  return {
    identifiers: valued
      .flatMap((identifier) => usable(identifier) ?? [])
      .sort((one, other) => one.rank - other.rank)
      .slice(0, MOST),
    names: currentNames(names),
    birthDate: birthDate.trim(),
    formerly: {
      withSystem: valued
        .filter(usable)
        .map(({ system, value }) => JSON.stringify([system, value]))
        .slice(0, MOST),
      withoutSystem: [
        ...valued.map(({ value }) => JSON.stringify(['', value])),
        ...(id === undefined ? [] : [JSON.stringify(['Patient.id', id])]),
      ].slice(0, MOST),
    },
  }
}

/** What of an identity still holds on a day: without identifiers and names whose period has ended. @param today - `YYYY-MM-DD`. */
export function identityOn({ identifiers, names, ...rest }: PatientIdentity, today: string): PatientIdentity {
  const holds = ({ endsOn }: { readonly endsOn: string | undefined }): boolean =>
    endsOn === undefined || endsOn.slice(0, 10) >= today.slice(0, Math.min(10, endsOn.length))
  const namesToday = names.filter(holds)
  return { ...rest, identifiers: identifiers.filter(holds), names: namesToday.length > 0 ? namesToday : names }
}

/** Name and birth date for the hospital's own list. */
export function patientLabel(patient: ResourceLike): { name: string; birthDate: string } {
  const { name: names, birthDate = '' } = patientShape.parse(patient)
  const best = names.find(({ use }) => use === 'official') ?? names[0]
  const spoken = best?.text ?? [...(best?.given ?? []), best?.family ?? ''].join(' ').trim()
  return { name: spoken, birthDate }
}

function usable(identifier: FhirIdentifier): PersonIdentifier | undefined {
  const { system: rawSystem = '', value: rawValue = '', use, period } = identifier
  if (use === 'old' || use === 'temp' || rawSystem.length > LONGEST || rawValue.length > LONGEST) return undefined
  const system = plainSystem(rawSystem)
  const value = plainValue(rawValue)
  if (isPlaceholder(system, value)) return undefined
  const codes = (identifier.type?.coding ?? []).flatMap(({ code }) => code ?? [])
  return { system, value, rank: identifierRank({ system, use, codes }), endsOn: period?.end }
}

/** A maiden name, a nickname or an earlier name is no name in use, unless there is no other. */
function currentNames(names: readonly FhirName[]): PersonName[] {
  const inUse = names.filter(({ use }) => use === undefined || use === 'official' || use === 'usual')
  const chosen = inUse.length > 0 ? inUse : names
  const official = chosen.find(({ use }) => use === 'official')
  const ordered = official === undefined ? chosen : [official, ...chosen.filter((name) => name !== official)]
  return ordered.slice(0, MOST).map(({ family = '', given = [], text: whole = '', period }) => ({
    family: family.slice(0, LONGEST),
    given: given.join(' ').slice(0, LONGEST),
    text: whole.slice(0, LONGEST),
    endsOn: period?.end,
  }))
}
