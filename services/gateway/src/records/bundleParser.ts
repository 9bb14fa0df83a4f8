import { MedsyncError } from '@medsync/protocol'
import { JSONParser, TokenType } from '@streamparser/json'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'
import { JsonGuard } from './jsonGuard.ts'

const BUNDLE_TYPES = new Set(['transaction', 'batch', 'collection', 'document', 'searchset'])
/** No element of FHIR has so long a name. */
const MAX_NAME_LETTERS = 128
const MAX_LINKS = 100

/** Takes the resources of a Bundle one by one. */
export type OnEntry = (fullUrl: string | undefined, resource: unknown, position: number) => void

/** What an entry says besides its resource: what is to be done with it, why a search found it, how a server answered. */
export type EntryContext = {
  readonly position: number
  readonly fullUrl: string | undefined
  /** Upper case. */
  readonly method: string | undefined
  readonly url: string | undefined
  /** Of a search: `match`, `include` or `outcome`. */
  readonly mode: string | undefined
  /** Of a response: starts with an HTTP status. */
  readonly status: string | undefined
}

/** What a Bundle says of itself and of its entries, without their resources. */
export type BundleEnvelope = {
  readonly type: string
  /** As it stands there, whatever it is. */
  readonly total: unknown
  /** Relations of its links. */
  readonly links: readonly string[]
  readonly meta: unknown
  /** Of those entries that have a request, a search or a response. */
  readonly contexts: readonly EntryContext[]
}

const text = z.string().optional().catch(undefined)
const contextSchema = z.looseObject({
  request: z.looseObject({ method: text, url: text }).optional().catch(undefined),
  search: z.looseObject({ mode: text }).optional().catch(undefined),
  response: z.looseObject({ status: text }).optional().catch(undefined),
})
const linksSchema = z.array(z.looseObject({ relation: text })).max(MAX_LINKS)

/** Reads a Bundle's JSON as it streams in, and hands over each resource as soon as it is whole. */
export class BundleParser {
  readonly #parser = new JSONParser({
    paths: ['$.resourceType', '$.type', '$.total', '$.link', '$.meta', '$.entry.*'],
    keepStack: false,
    stringBufferSize: 65_536,
  })
  readonly #guard: JsonGuard
  readonly #onEntry: OnEntry
  readonly #names = new NameWatch()
  readonly #contexts: EntryContext[] = []
  readonly #maxEntries: number
  #hasBegun = false
  #position = 0
  #resourceType: unknown
  #type: unknown
  #total: unknown
  #links: unknown
  #meta: unknown

  /** @param limits - `maxEntries` counts those without a resource as well; `maxElements` as `JsonGuard`. */
  constructor(onEntry: OnEntry, limits: { readonly maxEntries?: number | undefined; readonly maxElements?: number | undefined } = {}) {
    this.#onEntry = onEntry
    this.#guard = new JsonGuard(limits.maxElements)
    this.#maxEntries = limits.maxEntries ?? Number.POSITIVE_INFINITY
    this.#parser.onToken = ({ token, value }) => {
      this.#hasBegun = true
      this.#names.take(token, value)
    }
    this.#parser.onValue = ({ value, key, stack }) => this.#take(value, key, stack.length)
  }

  /** @throws {RecordError} `input/not-json`, `record/too-deep`, `record/too-complex`, `record/not-a-bundle`, or what taking an entry threw. */
  write(bytes: Uint8Array): void {
    this.#guard.look(bytes)
    guarded(() => this.#parser.write(bytes))
  }

  /** @throws {RecordError} As `write`; also when the JSON is cut short. */
  end(): BundleEnvelope {
    guarded(() => {
      if (!this.#parser.isEnded) this.#parser.end()
    })
    if (!this.#hasBegun) throw new RecordError('input/not-json')
    if (this.#resourceType !== 'Bundle' || typeof this.#type !== 'string' || !BUNDLE_TYPES.has(this.#type)) {
      throw new RecordError('record/not-a-bundle')
    }
    const links = this.#links === undefined ? [] : linksSchema.safeParse(this.#links).data
    if (links === undefined) throw new RecordError('record/not-a-bundle', 'link')
    return {
      type: this.#type,
      total: this.#total,
      links: links.map(({ relation }) => relation).filter((relation) => relation !== undefined),
      meta: this.#meta,
      contexts: this.#contexts,
    }
  }

  #take(value: unknown, key: unknown, level: number): void {
    if (level === 2) {
      if (typeof key !== 'number') throw new RecordError('record/not-a-bundle')
      this.#takeEntry(value)
    } else if (key === 'type') {
      this.#type = value
    } else if (key === 'total') {
      this.#total = value
    } else if (key === 'link') {
      this.#links = value
    } else if (key === 'meta') {
      this.#meta = value
    } else {
      if (value !== 'Bundle') throw new RecordError('record/not-a-bundle')
      this.#resourceType = value
    }
  }

  #takeEntry(entry: unknown): void {
    const position = this.#position
    this.#position += 1
    if (position >= this.#maxEntries) throw new RecordError('record/too-many-resources', `more than ${this.#maxEntries}`)
    if (typeof entry !== 'object' || entry === null) throw new RecordError('record/invalid-resource', `entry ${position}`)
    const { fullUrl: said, resource } = entry as { fullUrl?: unknown; resource?: unknown }
    const fullUrl = typeof said === 'string' ? said : undefined
    if ('request' in entry || 'search' in entry || 'response' in entry) this.#contexts.push(contextOf(entry, position, fullUrl))
    if (resource === undefined) return
    this.#onEntry(fullUrl, resource, position)
  }
}

function contextOf(entry: object, position: number, fullUrl: string | undefined): EntryContext {
  const { request, search, response } = contextSchema.parse(entry)
  return {
    position,
    fullUrl,
    method: request?.method?.toUpperCase(),
    url: request?.url,
    mode: search?.mode,
    status: response?.status,
  }
}

/**
 * Refuses names that one object has twice, since two readers may believe different ones of them; and texts and numbers that cannot be written back as they were.
 */
class NameWatch {
  /** Of each open object the names it has so far; of a list nothing. */
  readonly #open: (Set<string> | undefined)[] = []
  #isName = false

  take(token: TokenType, value: unknown): void {
    if (token === TokenType.STRING) {
      const said = String(value)
      if (this.#isName) this.#takeName(said)
      else if (!said.isWellFormed() || said.includes('\u0000')) throw new RecordError('record/unreadable-text')
    } else if (token === TokenType.NUMBER) {
      if (!Number.isFinite(value)) throw new RecordError('record/too-complex', 'a number beyond all numbers')
    } else if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) {
      const isObject = token === TokenType.LEFT_BRACE
      this.#open.push(isObject ? new Set() : undefined)
      this.#isName = isObject
    } else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) {
      this.#open.pop()
      this.#isName = false
    } else if (token === TokenType.COMMA) {
      this.#isName = this.#open.at(-1) !== undefined
    }
  }

  #takeName(name: string): void {
    this.#isName = false
    const names = this.#open.at(-1)
    if (names === undefined) return
    if (names.has(name)) throw new RecordError('record/repeated-name')
    if (name.length > MAX_NAME_LETTERS) throw new RecordError('record/invalid-resource', 'a name that no element has')
    names.add(name)
  }
}

/** The parser's own messages quote what they choke on, so only their kind is kept. */
function guarded(work: () => void): void {
  try {
    work()
  } catch (failure) {
    if (failure instanceof MedsyncError) throw failure
    throw new RecordError('input/not-json')
  }
}
