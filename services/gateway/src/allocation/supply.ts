import { randomBytes } from 'node:crypto'
import {
  casePseudonymSchema,
  type FacilityBody,
  type FacilityView,
  facilityBodySchema,
  type SpecialistBody,
  type SpecialistView,
  specialistBodySchema,
} from '@medsync/protocol'
import { AllocationError } from '@medsync/protocol/allocation'
import * as z from 'zod'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database, Transaction } from '../database/database.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import type { KeyRing } from '../keys/keyRing.ts'

/** More are not sensible, and would not fit into one message. */
const MAX_OF_A_KIND = 500
const ID_BYTES = 6
const row = z.object({ id: z.string(), sealed: z.instanceof(Uint8Array) })
const refusalSchema = z.strictObject({ pseudonym: casePseudonymSchema, specialist: z.string() })

/** That an own specialist does not take a case. */
export type Refusal = z.output<typeof refusalSchema>
/** All that a hospital offers. */
export type Offered = {
  readonly facilities: readonly FacilityView[]
  readonly specialists: readonly SpecialistView[]
  readonly refusals: readonly Refusal[]
}

type Bodies = { readonly facility: FacilityBody; readonly specialist: SpecialistBody; readonly refusal: Refusal }
type Kind = keyof Bodies
const KINDS: { readonly [K in Kind]: z.ZodType<Bodies[K]> } = {
  facility: facilityBodySchema,
  specialist: specialistBodySchema,
  refusal: refusalSchema,
}

/** Facilities and specialists of the hospitals served here, sealed, one row each. */
export class Supply {
  readonly #database: Database
  readonly #keys: KeyRing

  constructor({ database, keys }: { readonly database: Database; readonly keys: KeyRing }) {
    this.#database = database
    this.#keys = keys
  }

  /** Everything, by id. */
  async all(tenant: string): Promise<Offered> {
    return await this.#database.inTenant(tenant, async (tx) => {
      const facilities = await this.#read(tx, tenant, 'facility')
      const specialists = await this.#read(tx, tenant, 'specialist')
      const refusals = await this.#read(tx, tenant, 'refusal')
      return {
        facilities: facilities.map(({ id, ...body }) => ({ facility: id, ...body })),
        specialists: specialists.map(({ id, ...body }) => ({ specialist: id, ...body })),
        refusals: refusals.map(({ id: _, ...body }) => body),
      }
    })
  }

  /** Adds a facility, or changes one. @throws {NotFoundError} There is none to change. */
  async putFacility(tenant: string, facility: string | undefined, body: FacilityBody): Promise<FacilityView> {
    const id = await this.#database.inTenant(tenant, (tx) => this.#put(tx, tenant, { kind: 'facility', id: facility, body }))
    return { facility: id, ...body }
  }

  /** @throws {AllocationError} `allocation/facility-in-use` @throws {NotFoundError} */
  async removeFacility(tenant: string, facility: string, isUsed: boolean): Promise<void> {
    await this.#database.inTenant(tenant, async (tx) => {
      const specialists = await this.#read(tx, tenant, 'specialist')
      if (isUsed || specialists.some((each) => each.facility === facility))
        throw new AllocationError('allocation/facility-in-use', facility)
      await remove(tx, 'facility', facility)
    })
  }

  /** Adds a specialist, or changes one. @throws {NotFoundError} @throws {AllocationError} `allocation/unknown-facility`, `allocation/hours-overlap` */
  async putSpecialist(tenant: string, specialist: string | undefined, body: SpecialistBody): Promise<SpecialistView> {
    const hours = body.hours.toSorted((one, other) => one.fromS - other.fromS)
    const overlaps = hours.some(({ fromS }, place) => place > 0 && fromS < (hours[place - 1]?.toS ?? 0))
    if (overlaps) throw new AllocationError('allocation/hours-overlap', specialist ?? '')
    const id = await this.#database.inTenant(tenant, async (tx) => {
      const facilities = await this.#read(tx, tenant, 'facility')
      if (!facilities.some((each) => each.id === body.facility)) throw new AllocationError('allocation/unknown-facility', body.facility)
      return await this.#put(tx, tenant, { kind: 'specialist', id: specialist, body: { ...body, hours } })
    })
    return { specialist: id, ...body, hours }
  }

  /** @throws {NotFoundError} */
  async removeSpecialist(tenant: string, specialist: string): Promise<void> {
    await this.#database.inTenant(tenant, (tx) => remove(tx, 'specialist', specialist))
  }

  /** Notes that an own specialist does not take a case; the same again changes nothing. @throws {NotFoundError} */
  async refuse(tenant: string, refusal: Refusal): Promise<void> {
    await this.#database.inTenant(tenant, async (tx) => {
      const specialists = await this.#read(tx, tenant, 'specialist')
      if (!specialists.some(({ id }) => id === refusal.specialist)) throw new NotFoundError()
      const id = `${refusal.pseudonym}-${refusal.specialist}`
      await this.#write(tx, tenant, { kind: 'refusal', id, body: refusal })
    })
  }

  async #read<K extends Kind>(tx: Transaction, tenant: string, kind: K): Promise<({ id: string } & Bodies[K])[]> {
    const rows = await tx.rows(row, 'SELECT id, sealed FROM supply WHERE kind = $1 ORDER BY id', [kind])
    return rows.map(({ id, sealed }) => ({
      id,
      ...openJson(this.#keys.ofTenant(tenant, 'supply'), sealed, placeOf(kind, id), KINDS[kind]),
    }))
  }

  async #put(tx: Transaction, tenant: string, { kind, id, body }: { kind: Kind; id: string | undefined; body: unknown }): Promise<string> {
    const all = await this.#read(tx, tenant, kind)
    if (id !== undefined && !all.some((each) => each.id === id)) throw new NotFoundError()
    if (id === undefined && all.length >= MAX_OF_A_KIND) throw new AllocationError('allocation/too-many', kind)
    const name = id ?? randomBytes(ID_BYTES).toString('hex')
    await this.#write(tx, tenant, { kind, id: name, body })
    return name
  }

  async #write(tx: Transaction, tenant: string, { kind, id, body }: { kind: Kind; id: string; body: unknown }): Promise<void> {
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'supply'), body, placeOf(kind, id))
    const sql = 'INSERT INTO supply (kind, id, sealed) VALUES ($1, $2, $3) ON CONFLICT (kind, id) DO UPDATE SET sealed = excluded.sealed'
    await tx.run(sql, [kind, id, sealed])
  }
}

async function remove(tx: Transaction, kind: Kind, id: string): Promise<void> {
  if ((await tx.run('DELETE FROM supply WHERE kind = $1 AND id = $2', [kind, id])) === 0) throw new NotFoundError()
}

function placeOf(kind: Kind, id: string): string {
  return `supply|${kind}|${id}`
}
