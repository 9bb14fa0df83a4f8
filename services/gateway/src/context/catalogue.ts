import type { ContextOptions, HeldRecord } from '@medsync/context'
import type { CatalogueEntry, CataloguePage } from '@medsync/context/app'
import { type AccountAddress, accountSchema, type OrganisationId, organisationIdSchema, type RecordId } from '@medsync/protocol'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'
import type { Circle, Seat } from './circle.ts'
import { isRefusal } from './circleEngine.ts'

/** Most that the app gives at once. */
const PAGE = 200
/** Pages of one patient's listings that are read. */
const MOST_PAGES = 5

/** A listing: that the hospital of a place holds some record of an account. */
export type Listing = { readonly seat: Seat; readonly listing: string; readonly patient: AccountAddress }

/** What the catalogue needs. */
export type CatalogueOptions = { readonly circle: Circle; readonly keys: KeyRing }

/** The circle's catalogue: which hospital holds a record of which account. */
export class Catalogue {
  readonly #circle: Circle
  readonly #keys: KeyRing

  constructor({ circle, keys }: CatalogueOptions) {
    this.#circle = circle
    this.#keys = keys
  }

  /** See `PrivateContext.listRecords`. @returns Whether anything changed. */
  async list(patient: AccountAddress, held: readonly HeldRecord[], options?: ContextOptions): Promise<boolean> {
    const ours = new Map((await this.#executors()).map(([executor, seat]) => [executor, seat]))
    const listed = (await this.#entriesOf(patient, options)).flatMap(({ record, held_by }) => {
      const seat = ours.get(held_by)
      return seat === undefined ? [] : [{ seat, listing: record, patient }]
    })
    const wanted = held.flatMap((each) => this.listingOf(each, patient) ?? [])
    return await this.bringInLine(listed, wanted)
  }

  /** Takes out listings that are not wanted, and adds those that are missing. @returns Whether anything changed. */
  async bringInLine(listed: readonly Listing[], wanted: readonly Listing[]): Promise<boolean> {
    const has = new Set(listed.map(nameOf))
    const wants = new Set(wanted.map(nameOf))
    const gone = listed.filter((each) => !wants.has(nameOf(each)))
    const missing = wanted.filter((each) => !has.has(nameOf(each)))
    for (const { seat, listing } of gone) await written(this.#circle.call(seat, 'remove_catalogue_entry', { record: listing }))
    for (const { seat, listing, patient } of missing) {
      await written(this.#circle.call(seat, 'put_catalogue_entry', { record: listing, patient }))
    }
    return gone.length + missing.length > 0
  }

  /** See `PrivateContext.hospitalsOf`. */
  async hospitalsOf(patient: AccountAddress, options?: ContextOptions): Promise<OrganisationId[]> {
    const [entries, members] = await Promise.all([this.#entriesOf(patient, options), this.#circle.members()])
    const holders = entries.flatMap(({ held_by }) => {
      const member = members.find(({ executor }) => executor === held_by)
      return member?.is_active === true && member.kind === 'hospital'
        ? (organisationIdSchema.safeParse(member.organisation).data ?? [])
        : []
    })
    return [...new Set(holders)]
  }

  /** Which hospitals served here hold a record of the account. */
  async ownHospitalsOf(patient: AccountAddress): Promise<OrganisationId[]> {
    const ours = new Map(await this.#executors())
    const holders = (await this.#entriesOf(patient)).flatMap(({ held_by }) => ours.get(held_by)?.organisation ?? [])
    return [...new Set(holders)]
  }

  /** Everything that our places have listed, by walking the whole catalogue. */
  async ownListings(): Promise<Listing[]> {
    const ours = new Map(await this.#executors())
    const found: Listing[] = []
    for (let after: string | null = null; ; ) {
      const page: CataloguePage = await this.#circle.ask('catalogue_page', { after, limit: PAGE })
      for (const { record, patient, held_by } of page.entries) {
        const seat = ours.get(held_by)
        if (seat !== undefined) found.push({ seat, listing: record, patient: accountSchema.parse(patient) })
      }
      if (page.next === null) return found
      after = page.next
    }
  }

  /**
   * The listing of a record for an account: a keyed hash, since a record's id is nobody else's to know, and since one that goes to another
   * account is listed anew. Undefined when its hospital has no place of ours.
   */
  listingOf({ hospital, record }: HeldRecord, patient: AccountAddress): Listing | undefined {
    const seat = this.#circle.seats.find(({ organisation }) => organisation === hospital)
    return seat === undefined ? undefined : { seat, patient, listing: this.#hashOf(seat, record, patient) }
  }

  #hashOf(seat: Seat, record: RecordId, patient: AccountAddress): string {
    return Buffer.from(keyedHash(this.#keys.ofTenant(seat.name, 'context-listing'), record, patient)).toString('hex')
  }

  async #entriesOf(patient: AccountAddress, options?: ContextOptions): Promise<CatalogueEntry[]> {
    const found: CatalogueEntry[] = []
    let after: string | null = null
    // Nobody has records at so many hospitals: what is beyond was put there to be read for ever.
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page: CataloguePage = await this.#circle.ask('catalogue_of', { patient, after, limit: PAGE }, options)
      found.push(...page.entries)
      if (page.next === null) break
      after = page.next
    }
    return found
  }

  async #executors(): Promise<(readonly [string, Seat])[]> {
    return await Promise.all(this.#circle.seats.map(async (seat) => [await this.#circle.executorOf(seat), seat] as const))
  }
}

async function written(call: Promise<boolean>): Promise<void> {
  try {
    await call
  } catch (error) {
    // What is not listed need not be taken out.
    if (!isRefusal(error, 'UnknownRecord')) throw error
  }
}

function nameOf({ seat, listing }: Listing): string {
  return `${seat.name}|${listing}`
}
