import type { ResourceLike } from '@medsync/protocol'
import * as z from 'zod'
import type { ReadEntry } from './entrySensitivities.ts'
import { walkResource } from './walkResource.ts'

const text = z.string().optional().catch(undefined)
/** FHIR puts null in the place of a value of a list that has extensions only. */
const texts = z
  .array(z.unknown())
  .optional()
  .catch(undefined)
  .transform((all) => (all ?? []).filter((said) => typeof said === 'string'))
/** What the extensions of primitive elements say in words: a name that is masked in one place may stand in the other. */
const anything = z.unknown().optional()
const beside = { _text: anything, _family: anything, _given: anything, extension: anything }
const humanName = z.looseObject({ text, family: text, given: texts, ...beside })
const address = z.looseObject({ text, line: texts, postalCode: text, _line: anything, _text: anything })
const valued = z.looseObject({ value: text })

/** One or many of them, or none; what has another shape names nobody. */
function many<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(item).catch([]))
}

const person = z.looseObject({
  name: many(humanName),
  address: many(address),
  telecom: many(valued),
  identifier: many(valued),
  contact: many(z.looseObject({ name: humanName.optional(), telecom: many(valued), address: address.optional() })),
  extension: many(z.looseObject({ url: text, valueString: text })),
})

const PERSON = /^(Patient|Practitioner|PractitionerRole|RelatedPerson)\b/
const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'prof', 'md', 'phd', 'jr', 'sr', 'van', 'von', 'der', 'de', 'la', 'el'])

/**
 * Words that name the patient, or other people in the Bundle: names, street, post code, telephone, numbers. They are taken out of every text that leaves.
 */
export function identifyingWords(entries: readonly ReadEntry[]): string[] {
  const words = new Set<string>()
  for (const { resource } of entries) {
    if (PERSON.test(resource.resourceType)) addAll(words, wordsOfPerson(resource))
    walkResource(resource, ({ reference, display }) => {
      if (typeof reference !== 'string' || typeof display !== 'string' || !PERSON.test(reference)) return
      addAll(words, wordsOfName(display))
    })
  }
  return [...words].filter((word) => word.length > 1)
}

function addAll(words: Set<string>, more: readonly string[]): void {
  for (const word of more) words.add(word)
}

function wordsOfPerson(resource: ResourceLike): string[] {
  const { name, address: homes, telecom, identifier, contact, extension } = person.parse(resource)
  const names = [...name, ...contact.map((other) => other.name).filter((known) => known !== undefined)]
  const addresses = [...homes, ...contact.map((other) => other.address).filter((home) => home !== undefined)]
  const numbers = [...identifier, ...telecom, ...contact.flatMap((other) => other.telecom)]
  const maidenNames = extension.filter(({ url }) => url?.endsWith('mothersMaidenName')).map(({ valueString }) => valueString)
  const saidNames = [
    ...names.flatMap((known) => [
      known.text,
      known.family,
      ...known.given,
      ...wordsInExtensions([known._text, known._family, known._given, known.extension]),
    ]),
    ...maidenNames,
  ]
  const saidAddresses = addresses.flatMap((home) => [
    home.text,
    home.postalCode,
    ...home.line,
    ...wordsInExtensions([home._line, home._text]),
  ])
  const saidNumbers = numbers.map(({ value }) => value)
  return [...saidNames.flatMap((said) => wordsOfName(said ?? '')), ...[...saidAddresses, ...saidNumbers].map((said) => said?.trim() ?? '')]
}

/** Texts that stand as values of extensions, however deep. */
function wordsInExtensions(value: unknown): string[] {
  const said: string[] = []
  walkResource(value, ({ valueString }) => {
    if (typeof valueString === 'string') said.push(valueString)
  })
  return said
}

/** A name counts whole, and by each of its words but titles and particles. */
function wordsOfName(said: string): string[] {
  return [said.trim(), ...said.split(/[\s,.]+/).filter((word) => !TITLES.has(word.toLowerCase()))]
}
