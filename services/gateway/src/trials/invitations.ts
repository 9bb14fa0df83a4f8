import { randomUUID } from 'node:crypto'
import {
  type AccountAddress,
  accountSchema,
  commitmentSchema,
  invitationStateSchema,
  type RecordId,
  recordIdSchema,
  type StudyId,
  studyIdSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { Links } from '../enrolment/links.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import { TrialError } from './trialError.ts'

const contentSchema = z.object({
  state: invitationStateSchema,
  invitedAtS: z.number(),
  /** What the study looks for, as it was then. */ words: z.array(z.string()),
  /** The consent that it became. */ commitment: commitmentSchema.nullable(),
})
const row = z.object({
  invitation: z.uuid(),
  account: accountSchema,
  record: recordIdSchema,
  study: studyIdSchema,
  sealed: z.instanceof(Uint8Array),
})
const COLUMNS = 'invitation, account, record, study, sealed'

/** An invitation of a patient to a study, by the hospital that holds the record. */
export type KeptInvitation = Omit<z.output<typeof row>, 'sealed'> & z.output<typeof contentSchema>

/** Invitations of the hospitals served here. */
export class Invitations {
  readonly #database: Database
  readonly #keys: KeyRing
  readonly #links: Links

  constructor({ database, keys, links }: { readonly database: Database; readonly keys: KeyRing; readonly links: Links }) {
    this.#database = database
    this.#keys = keys
    this.#links = links
  }

  /** Invites whose record it is, once for each study; undefined when that was done before, or nobody is linked to the record. */
  async invite(
    tenant: string,
    record: RecordId,
    study: StudyId,
    about: { words: string[]; invitedAtS: number },
  ): Promise<KeptInvitation | undefined> {
    const invitation = randomUUID()
    const content = { ...about, state: 'open' as const, commitment: null }
    const sql = `INSERT INTO invitations (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (record, study) DO NOTHING RETURNING ${COLUMNS}`
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'invitation'), content, placeOf(invitation))
    const added = await this.#database.inTenant(tenant, async (tx) => {
      const link = (await this.#links.ofRecords(tx, tenant, [record])).get(record)
      return link === undefined ? undefined : await tx.first(row, sql, [invitation, link.account, record, study, sealed])
    })
    return added === undefined ? undefined : this.#open(tenant, added)
  }

  /** All of a study, by record. */
  async ofStudy(tenant: string, study: StudyId): Promise<Map<RecordId, KeptInvitation>> {
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, `SELECT ${COLUMNS} FROM invitations WHERE study = $1`, [study]))
    return new Map(rows.map((each) => [each.record, this.#open(tenant, each)]))
  }

  /** Those of an account that is still linked to the record. */
  async ofAccount(tenant: string, account: AccountAddress): Promise<KeptInvitation[]> {
    const sql = `SELECT ${COLUMNS} FROM invitations WHERE account = $1 AND record = $2 ORDER BY invitation`
    const rows = await this.#database.inTenant(tenant, async (tx) => {
      const link = await this.#links.ofAccount(tx, tenant, account)
      return link === undefined ? [] : await tx.rows(row, sql, [account, link.record])
    })
    return rows.map((each) => this.#open(tenant, each))
  }

  /** Answers one that is open, or says yes after all to one that was declined; the same again changes nothing. @throws {NotFoundError} It is none of this account's. @throws {TrialError} `trial/answered` */
  async answer(
    tenant: string,
    invitation: string,
    account: AccountAddress,
    answer: Pick<KeptInvitation, 'state' | 'commitment'>,
  ): Promise<void> {
    await this.#database.inTenant(tenant, async (tx) => {
      const kept = await this.#find(tx, tenant, invitation, account)
      if (kept.state === answer.state && kept.commitment === answer.commitment) return
      const isStillOpen = kept.state === 'open' || (kept.state === 'declined' && answer.state === 'accepted')
      if (!isStillOpen) throw new TrialError('trial/answered', invitation)
      const content = { state: answer.state, commitment: answer.commitment, words: kept.words, invitedAtS: kept.invitedAtS }
      const sealed = sealJson(this.#keys.ofTenant(tenant, 'invitation'), content, placeOf(invitation))
      await tx.run('UPDATE invitations SET sealed = $2 WHERE invitation = $1', [invitation, sealed])
    })
  }

  async #find(tx: Transaction, tenant: string, invitation: string, account: AccountAddress): Promise<KeptInvitation> {
    const sql = `SELECT ${COLUMNS} FROM invitations WHERE invitation = $1 AND account = $2 FOR UPDATE`
    const found = await tx.first(row, sql, [invitation, account])
    if (found === undefined) throw new NotFoundError()
    return this.#open(tenant, found)
  }

  #open(tenant: string, { sealed, ...known }: z.output<typeof row>): KeptInvitation {
    return { ...known, ...openJson(this.#keys.ofTenant(tenant, 'invitation'), sealed, placeOf(known.invitation), contentSchema) }
  }
}

function placeOf(invitation: string): string {
  return `invitation|${invitation}`
}
