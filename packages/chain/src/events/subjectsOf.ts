import {
  type AccountAddress,
  type Commitment,
  type Felt,
  type OrganisationId,
  type RequestId,
  requestIdSchema,
  type StudyId,
  studyIdSchema,
} from '@medsync/protocol'
import type { UnreadEvent } from './chainEvent.ts'
import { layoutOf } from './decodeEvent.ts'
import type { Slot } from './eventLayout.ts'

/**
 * Whom and what an event may be about that cannot be read. Where its felts stand as they should, each list has what its field says. Where
 * they do not, any of them may be a patient, a commitment, an organisation or an operator, so all of them stand in those lists.
 */
export type EventSubjects = {
  readonly patients: readonly AccountAddress[]
  readonly commitments: readonly Commitment[]
  readonly organisations: readonly OrganisationId[]
  readonly operators: readonly AccountAddress[]
  readonly studies: readonly StudyId[]
  readonly requests: readonly RequestId[]
  /** The felts stand as they should: nobody else is meant. */
  readonly isExact: boolean
}

const FIELDS = {
  patients: ['patient'],
  commitments: ['commitment', 'old', 'new'],
  organisations: ['id', 'organisation', 'hospital'],
  operators: ['operator'],
  studies: ['study'],
  requests: ['request'],
} as const

/** Whom and what an event may be about that was set aside. */
export function subjectsOf({ contract, of, reason, keys, data }: Readonly<UnreadEvent>): EventSubjects {
  const layout = layoutOf(contract, keys[0])
  const fields = layout === undefined ? keys.slice(1).map((value) => ({ field: '', value })) : placed(layout, keys.slice(1), data)
  const named = (names: readonly string[]): Felt[] => fields.flatMap(({ field, value }) => (names.includes(field) ? [value] : []))
  const numbers = (names: readonly string[]): number[] => (of === null ? fields.map(({ value }) => value) : named(names)).map(Number)
  const isExact = reason === 'out-of-range'
  const all = [...new Set([...keys.slice(1), ...data])]
  return {
    patients: isExact ? named(FIELDS.patients) : all,
    commitments: isExact ? named(FIELDS.commitments) : all,
    organisations: isExact ? named(FIELDS.organisations) : all,
    operators: isExact ? named(FIELDS.operators) : all,
    studies: numbers(FIELDS.studies).flatMap((value) => studyIdSchema.safeParse(value).data ?? []),
    requests: numbers(FIELDS.requests).flatMap((value) => requestIdSchema.safeParse(value).data ?? []),
    isExact,
  }
}

/** Each felt with the field of its place; what has no place is left out. */
function placed(
  layout: { readonly keys: readonly Slot[]; readonly data: readonly Slot[] },
  keys: readonly Felt[],
  data: readonly Felt[],
): { field: string; value: Felt }[] {
  const pairs = (slots: readonly Slot[], felts: readonly Felt[]) =>
    slots.flatMap(({ field }, index) => {
      const value = felts[index]
      return value === undefined ? [] : [{ field, value }]
    })
  return [...pairs(layout.keys, keys), ...pairs(layout.data, data)]
}
