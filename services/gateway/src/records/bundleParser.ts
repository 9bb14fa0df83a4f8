import { MedsyncError } from '@medsync/protocol'
import { JSONParser, TokenType } from '@streamparser/json'
import { RecordError } from '../gatewayErrors.ts'

/** Far beyond any FHIR resource; stops input that is nothing but brackets. */
const MAX_DEPTH = 64
const BUNDLE_TYPES = new Set(['transaction', 'batch', 'collection', 'document', 'searchset'])

/** Takes the entries of a Bundle one by one. */
export type OnEntry = (fullUrl: string | undefined, resource: unknown, position: number) => void

/** Reads a Bundle's JSON as it streams in, and hands over each entry as soon as it is whole, so that never more than one is held. */
export class BundleParser {
  readonly #parser = new JSONParser({
    paths: ['$.resourceType', '$.type', '$.meta', '$.entry.*'],
    keepStack: false,
    stringBufferSize: 65_536,
  })
  readonly #onEntry: OnEntry
  #hasBegun = false
  #depth = 0
  #position = 0
  #resourceType: unknown
  #type: unknown
  #meta: unknown

  constructor(onEntry: OnEntry) {
    this.#onEntry = onEntry
    this.#parser.onToken = ({ token }) => this.#watchDepth(token)
    this.#parser.onValue = ({ value, key, stack }) => this.#take(value, key, stack.length)
  }

  /** @throws {RecordError} `input/not-json`, `record/too-deep`, `record/not-a-bundle`, or what taking an entry threw. */
  write(bytes: Uint8Array): void {
    guarded(() => this.#parser.write(bytes))
  }

  /**
   * What the Bundle says of itself.
   * @throws {RecordError} As `write`; also when the JSON is cut short.
   */
  end(): { readonly meta: unknown } {
    guarded(() => {
      if (!this.#parser.isEnded) this.#parser.end()
    })
    if (!this.#hasBegun) throw new RecordError('input/not-json')
    if (this.#resourceType !== 'Bundle' || typeof this.#type !== 'string' || !BUNDLE_TYPES.has(this.#type)) {
      throw new RecordError('record/not-a-bundle')
    }
    return { meta: this.#meta }
  }

  #watchDepth(token: TokenType): void {
    this.#hasBegun = true
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) this.#depth += 1
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#depth -= 1
    if (this.#depth > MAX_DEPTH) throw new RecordError('record/too-deep')
  }

  #take(value: unknown, key: unknown, level: number): void {
    if (level === 2) {
      if (typeof key !== 'number') throw new RecordError('record/not-a-bundle')
      this.#takeEntry(value)
    } else if (key === 'type') {
      this.#type = value
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
    if (typeof entry !== 'object' || entry === null) throw new RecordError('record/invalid-resource', `entry ${position}`)
    const { fullUrl, resource } = entry as { fullUrl?: unknown; resource?: unknown }
    if (resource === undefined) return
    this.#onEntry(typeof fullUrl === 'string' ? fullUrl : undefined, resource, position)
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
