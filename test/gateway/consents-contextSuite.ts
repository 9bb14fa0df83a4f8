import { ContextConflictError, type NewFiledTerms, type PrivateContext } from '@medsync/context'
import {
  type AccountAddress,
  type Commitment,
  commitConsent,
  felt,
  type OrganisationId,
  type RecordId,
  recordIdSchema,
  ZERO,
} from '@medsync/protocol'
import { describe, expect, test } from 'vitest'

/** Chain and registry that the commitments of the tests are made for. */
export const REGISTRY = { chainId: felt(0x534e), registry: felt(0xc0de) } as const

let next = 0x1000
/** An account that no other test uses. */
export const id = (): AccountAddress => felt(next++)
/** A record that no other test uses. */
export const record = (): RecordId => recordIdSchema.parse(crypto.randomUUID())

/** Terms of a new consent, which open its commitment. */
export function newTerms(ids: { patient?: AccountAddress; grantee: OrganisationId; custodian?: OrganisationId }): NewFiledTerms {
  const { patient = id(), grantee, custodian = ZERO } = ids
  const terms: NewFiledTerms['terms'] = {
    grantee,
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: 2_000_000_000,
    categories: ['vitals'],
    dataFromS: 0,
    dataToS: 0,
    custodian,
    sensitivities: [],
  }
  const salts = { grantee: id(), purposes: felt(2), period: felt(3), data: felt(4) }
  const { commitment } = commitConsent({ ...REGISTRY, patient, terms, salts })
  return { commitment, patient, terms, salts, nonce: '00112233445566778899aabbccddeeff', replaces: undefined }
}

/** One to try. */
export type ContextUnderTest = {
  readonly context: PrivateContext
  /** Hospitals served there. */
  readonly hospitals: readonly [OrganisationId, OrganisationId]
  /** An office served there that no other test uses. */
  newOffice(): OrganisationId
}

/** What every private context does, whatever it is made of. @param open - Gives one to try; called once a test. */
export function behavesLikeAPrivateContext(name: string, open: () => ContextUnderTest): void {
  describe(`${name}: terms`, () => {
    test('are kept under their commitment, whole', async () => {
      const { context, newOffice } = open()
      const filed = { ...newTerms({ grantee: newOffice() }), replaces: id() }
      await context.fileTerms(filed)
      expect(await context.termsByCommitment(filed.commitment)).toMatchObject(filed)
      expect(await context.termsByCommitment(id())).toBeUndefined()
    })

    test('that are filed again, also at the same moment, are filed once and answered alike', async () => {
      const { context, newOffice } = open()
      const filed = newTerms({ grantee: newOffice() })
      const answers = await Promise.all([context.fileTerms(filed), context.fileTerms(filed), context.fileTerms(filed)])
      expect(new Set(answers.map(({ place }) => place)).size).toBe(1)
      const { items } = await context.termsOfPatient(filed.patient, { after: null, limit: 10 })
      expect(items).toHaveLength(1)
    })

    test('error: other terms, salts, nonce or patient under the same commitment change nothing', async () => {
      const { context, newOffice } = open()
      const filed = newTerms({ grantee: newOffice() })
      await context.fileTerms(filed)
      const others: NewFiledTerms[] = [
        { ...filed, terms: { ...filed.terms, categories: ['conditions'] } },
        { ...filed, salts: { ...filed.salts, data: felt(9) } },
        { ...filed, nonce: 'ffeeddccbbaa99887766554433221100' },
        { ...filed, patient: id() },
      ]
      for (const other of others) await expect(context.fileTerms(other)).rejects.toBeInstanceOf(ContextConflictError)
      expect(await context.termsByCommitment(filed.commitment)).toMatchObject(filed)
    })

    test('come in pages to their patient and their grantee, newest first, and to nobody else', async () => {
      const { context, newOffice } = open()
      const [patient, grantee, other] = [id(), newOffice(), newOffice()]
      const filed: NewFiledTerms[] = []
      for (let count = 0; count < 5; count++) {
        const own = newTerms({ patient, grantee })
        filed.unshift(own)
        await context.fileTerms(own)
        await context.fileTerms(newTerms({ patient, grantee: other }))
        await context.fileTerms(newTerms({ grantee }))
      }
      const mine = filed.map(({ commitment }) => commitment)
      for (const list of [
        (after: string | null) => context.termsOfPatient(patient, { after, limit: 2 }),
        (after: string | null) => context.termsForGrantee(grantee, { after, limit: 2 }),
      ]) {
        const seen: Commitment[] = []
        for (let after: string | null = null; ; ) {
          const page = await list(after)
          seen.push(...page.items.map(({ commitment }) => commitment))
          if (page.next === null) break
          expect(page.items).toHaveLength(2)
          after = page.next
        }
        expect(seen).toHaveLength(10)
        expect(seen.filter((one) => mine.includes(one))).toEqual(mine)
      }
      expect((await context.termsOfPatient(grantee, { after: null, limit: 10 })).items).toEqual([])
    })

    test('error: a call that was called off does nothing', async () => {
      const { context, newOffice } = open()
      const filed = newTerms({ grantee: newOffice() })
      await expect(context.fileTerms(filed, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
      expect(await context.termsByCommitment(filed.commitment)).toBeUndefined()
    })
  })

  describe(`${name}: catalogue`, () => {
    test('says which hospitals hold records of an account, each once, until it is taken back', async () => {
      const { context, hospitals } = open()
      const [mercy, stclare] = hospitals
      const patient = id()
      const held = [
        { hospital: mercy, record: record() },
        { hospital: stclare, record: record() },
      ]
      await context.listRecords(patient, held)
      await context.listRecords(patient, held)
      await context.listRecords(id(), [{ hospital: mercy, record: record() }])
      expect((await context.hospitalsOf(patient)).toSorted()).toEqual([mercy, stclare].toSorted())
      await context.listRecords(patient, held.slice(1))
      expect(await context.hospitalsOf(patient)).toEqual([stclare])
      await context.listRecords(patient, held)
      expect(await context.hospitalsOf(patient)).toHaveLength(2)
    })

    test('a record that goes to another account is only that account’s', async () => {
      const { context, hospitals } = open()
      const [before, after] = [id(), id()]
      const held = { hospital: hospitals[0], record: record() }
      await context.listRecords(before, [held])
      await context.listRecords(before, [])
      await context.listRecords(after, [held])
      expect(await context.hospitalsOf(before)).toEqual([])
      expect(await context.hospitalsOf(after)).toEqual([held.hospital])
    })
  })
}
