import { slugToOrganisationId, ZERO } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { dayToS } from '../../ui/format/formatTime.ts'
import { type ConsentDraft, dayAfterMonths, draftOfTerms, newConsentDraft, problemsOfDraft, termsOfDraft } from './consentDraft.ts'

const nowS = dayToS('2026-11-20') ?? 0
const northgate = slugToOrganisationId('northgate')
const draft = (change: Partial<ConsentDraft> = {}): ConsentDraft => ({ ...newConsentDraft(nowS), grantee: northgate, ...change })

test('a fresh draft asks only for the grantee', () => {
  expect(problemsOfDraft(newConsentDraft(nowS), nowS)).toEqual({ grantee: 'Choose who may use your data.' })
})

test('a fresh draft covers nothing sensitive, no free text and not who you are', () => {
  const terms = termsOfDraft(draft(), nowS)
  expect(terms.sensitivities).toEqual([])
  expect(terms.categories).not.toContain('documents')
  expect(terms.categories).not.toContain('demographics')
  expect(terms.custodian).toBe(ZERO)
})

test('the last day of a consent belongs to it whole', () => {
  expect(termsOfDraft(draft({ until: '2026-11-20' }), nowS).expiresAtS).toBe(nowS + 86_400)
})

test('terms go into the form and come out the same', () => {
  const terms = termsOfDraft(draft({ dataFrom: '2024-01-01', dataTo: '2025-12-31', custodian: slugToOrganisationId('mercy') }), nowS)
  expect(termsOfDraft(draftOfTerms(terms), nowS)).toEqual(terms)
})

test('a purpose that another one includes is not written twice', () => {
  expect(termsOfDraft(draft({ purposes: ['HRESCH', 'DSRCH'] }), nowS).purposes).toEqual(['HRESCH'])
})

test('months end on a day that exists', () => {
  expect(dayAfterMonths(dayToS('2027-01-31') ?? 0, 1)).toBe('2027-02-28')
  expect(dayAfterMonths(nowS, 12)).toBe('2027-11-20')
})

test('error: an end in the past is named', () => {
  expect(problemsOfDraft(draft({ until: '2026-11-19' }), nowS)).toEqual({ until: 'That day has passed. Choose one in the future.' })
  expect(() => termsOfDraft(draft({ until: '2026-11-19' }), nowS)).toThrowErrorMatchingInlineSnapshot(
    `[ConsentTermsError: The consent would end in the past. Choose a day in the future.]`,
  )
})

test('error: a period of data that ends before it begins is named', () => {
  expect(problemsOfDraft(draft({ dataFrom: '2026-01-02', dataTo: '2026-01-01' }), nowS)).toEqual({
    dataTo: 'The last day lies before the first.',
  })
})
