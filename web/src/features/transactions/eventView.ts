import type { PendingEvent } from '@medsync/chain'

/** An event as lines of text. */
export type EventView = { readonly name: string; readonly fields: readonly (readonly [string, string])[] }

/** What an event says, field by field; of one that this version cannot read only where it comes from. */
export function eventView(event: PendingEvent): EventView {
  if (event.type === 'SetAside') {
    const fields = [['contract', event.contract] as const, ...(event.of === null ? [] : [['event', event.of] as const])]
    return { name: event.type, fields }
  }
  const { type, transaction: _, ...fields } = event
  return { name: type, fields: Object.entries(fields).flatMap(([key, value]) => fieldLines(key, value)) }
}

/** A field as lines of text; a struct gives one line for each of its own fields. */
function fieldLines(key: string, value: unknown): (readonly [string, string])[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, each]) => fieldLines(`${key}.${inner}`, each))
  return [[key, String(value)]]
}
