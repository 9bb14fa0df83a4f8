import { slugToOrganisationId, ZERO } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { dayToS } from '../../ui/format/formatTime.ts'
import { inSentence, listWords, termsInWords } from './termsInWords.ts'

test('a consent is said in words that need no explanation', () => {
  const words = termsInWords(
    {
      grantee: slugToOrganisationId('northgate'),
      purposes: ['DSRCH'],
      notBeforeS: 0,
      expiresAtS: (dayToS('2027-06-01') ?? 0) + 86_400,
      categories: ['vitals', 'laboratory'],
      dataFromS: 0,
      dataToS: 0,
      custodian: ZERO,
      sensitivities: [],
    },
    () => 'Northgate Research',
  )
  expect(words).toMatchObject({
    who: 'Northgate Research',
    whatFor: 'Research on a particular disease',
    data: 'Vital signs and Laboratory',
    sensitive: 'nothing',
    period: 'all dates',
    custodian: 'any hospital that holds a record of you',
  })
  expect(words.until).toContain('2027')
})

test('lists read as people say them', () => {
  expect(listWords(['a'])).toBe('a')
  expect(listWords(['a', 'b', 'c'])).toBe('a, b and c')
})

test('inside a sentence names are small, abbreviations are not', () => {
  expect(inSentence(['Vital signs', 'HIV'])).toBe('vital signs and HIV')
})
