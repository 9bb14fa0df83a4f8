import { ContextConflictError, type NewFiledTerms, type PrivateContext } from '@medsync/context'
import { type AccountAddress, type Commitment, felt, type OrganisationId, type RecordId, recordIdSchema, ZERO } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'

let next = 0x1000
const id = (): AccountAddress => felt(next++)
const record = (): RecordId => recordIdSchema.parse(crypto.randomUUID())

/** Terms of a new consent, made up. */
export function newTerms(ids: { commitment?: Commitment; patient?: AccountAddress; grantee?: OrganisationId } = {}): NewFiledTerms {
  const { commitment = id(), patient = id(), grantee = id() } = ids
  return {
    commitment,
    patient,
    terms: {
      grantee,
      purposes: ['HRESCH'],
      notBeforeS: 0,
      expiresAtS: 2_000_000_000,
      categories: ['vitals'],
      dataFromS: 0,
      dataToS: 0,
      custodian: ZERO,
      sensitivities: [],
    },
    salts: { grantee: felt(1), purposes: felt(2), period: felt(3), data: felt(4) },
    nonce: '00112233445566778899aabbccddeeff',
    replaces: undefined,
  }
}

/** What every private context does, whatever it is made of. @param open - Gives one to try; called once a test. */
export function behavesLikeAPrivateContext(name: string, open: () => PrivateContext): void {
  describe(`${name}: terms`, () => {
    test('are kept under their commitment, whole', async () => {
      const context = open()
      const filed = { ...newTerms(), replaces: id() }
      await context.fileTerms(filed)
      expect(await context.termsByCommitment(filed.commitment)).toMatchObject(filed)
      expect(await context.termsByCommitment(id())).toBeUndefined()
    })

    test('that are filed again, also at the same moment, are filed once and answered alike', async () => {
      const context = open()
      const filed = newTerms()
      const answers = await Promise.all([context.fileTerms(filed), context.fileTerms(filed), context.fileTerms(filed)])
      expect(new Set(answers.map(({ sequence }) => sequence)).size).toBe(1)
      const { items } = await context.termsOfPatient(filed.patient, { after: null, limit: 10 })
      expect(items).toHaveLength(1)
    })

    test('error: other terms, salts, nonce or patient under the same commitment change nothing', async () => {
      const context = open()
      const filed = newTerms()
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
      const context = open()
      const [patient, grantee] = [id(), id()]
      const filed: NewFiledTerms[] = []
      for (let count = 0; count < 5; count++) {
        const own = newTerms({ patient, grantee })
        filed.unshift(own)
        await context.fileTerms(own)
        await context.fileTerms(newTerms({ patient }))
        await context.fileTerms(newTerms({ grantee }))
      }
      const mine = filed.map(({ commitment }) => commitment)
      for (const list of [
        (after: number | null) => context.termsOfPatient(patient, { after, limit: 2 }),
        (after: number | null) => context.termsForGrantee(grantee, { after, limit: 2 }),
      ]) {
        const seen: Commitment[] = []
        for (let after: number | null = null; ; ) {
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
  })

  describe(`${name}: catalogue`, () => {
    test('says which hospitals hold records of an account, each once, until it is taken back', async () => {
      const context = open()
      const [patient, mercy, stclare] = [id(), id(), id()]
      const entry = { hospital: mercy, record: record(), patient }
      await context.putCatalogueEntry(entry)
      await context.putCatalogueEntry(entry)
      await context.putCatalogueEntry({ hospital: stclare, record: record(), patient })
      await context.putCatalogueEntry({ hospital: mercy, record: record(), patient: id() })
      expect((await context.catalogueOf(patient)).map(({ hospital }) => hospital).sort()).toEqual([mercy, stclare].sort())
      await context.removeCatalogueEntry(entry)
      await context.removeCatalogueEntry(entry)
      expect((await context.catalogueOf(patient)).map(({ hospital }) => hospital)).toEqual([stclare])
    })

    test('a record that goes to another account is only that account’s', async () => {
      const context = open()
      const [before, after, hospital] = [id(), id(), id()]
      const entry = { hospital, record: record(), patient: before }
      await context.putCatalogueEntry(entry)
      await context.putCatalogueEntry({ ...entry, patient: after })
      expect(await context.catalogueOf(before)).toEqual([])
      expect(await context.catalogueOf(after)).toEqual([{ ...entry, patient: after }])
    })

    test('error: a call that was called off does nothing', async () => {
      const context = open()
      const filed = newTerms()
      await expect(context.fileTerms(filed, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
      expect(await context.termsByCommitment(filed.commitment)).toBeUndefined()
    })
  })
}
