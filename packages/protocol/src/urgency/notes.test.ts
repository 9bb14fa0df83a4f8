import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_NOTE_LETTERS, readNotes } from './notes.ts'
import { NOTE_BAND, SIGNS } from './signs.ts'

const rulesIn = (text: string) => readNotes([{ id: 'n1', text }]).findings.map(({ rule }) => rule)

describe('readNotes', () => {
  test.each([
    ['airway', 'Inspiratory stridor at rest.'],
    ['mottled', 'Skin MOTTLED to the knees'],
    ['cyanosis', 'central cyanosis, cap refill 5 s'],
    ['rash', 'Non-blanching rash on both shins'],
    ['rash', 'petechiae over trunk'],
    ['seizure', 'Still seizing on arrival'],
    ['seizure', 'was fitting in the ambulance'],
    ['anaphylaxis', 'Likely anaphylaxis after penicillin'],
    ['bleeding', 'Haematemesis x2'],
    ['bleeding', 'hematemesis'],
    ['infarction', '2 hour history of central chest pain'],
    ['infarction', 'ECG: ST-elevation in II, III, aVF'],
    ['stroke', 'Previous stroke, now facial droop and slurred speech'],
    ['anuria', 'has not passed urine since yesterday'],
    ['confusion', 'Newly confused since lunch'],
    ['exhaustion', 'unable to complete sentences'],
    ['sepsis', 'cannot rule out sepsis'],
    ['immunosuppression', 'On chemotherapy, neutropenic'],
    ['deterioration', 'No improvement, rapidly deteriorating'],
    ['concern', 'Nurse concerned: looks unwell'],
    ['cyanosis', 'not alert and cyanosed'],
    ['sepsis', 'possible sepsis'],
    ['sepsis', '?sepsis'],
    ['cyanosis', 'No fever. Cyanosed.'],
    ['mottled', 'No pain, skin mottled'],
    ['cyanosis', 'no cyanosis this morning but cyanosed on return'],
    ['cyanosis', 'cya\u200bnosed'],
  ])('finds %s in "%s"', (rule, text) => {
    expect(rulesIn(text)).toContain(rule)
  })

  test.each([
    'No stridor.',
    'Denies central chest pain, stridor or cyanosis',
    'denies stridor and active seizures',
    'not mottled, not cyanosed',
    'without purpura',
    'Cyanosis: none',
    'sepsis was ruled out',
    'Petechiae not seen',
    'History of anaphylaxis to nuts',
    'previous status epilepticus',
    'Return if slurred speech or facial droop',
    'At risk of sepsis',
    'Negative for non-blanching rash',
    'No new confusion or delirium',
    'Fast walker, pain controlled, eating well',
    'Non-smoker; ill-fitting dentures',
    '',
  ])('finds nothing in "%s"', (text) => {
    expect(rulesIn(text)).toEqual([])
  })

  test('a finding names its note and quotes its words', () => {
    const notes = [
      { id: 'n1', text: 'Well.' },
      { id: 'n2', text: 'On exam: skin mottled to the knees.' },
    ]
    expect(readNotes(notes)).toEqual({
      findings: [{ rule: 'mottled', raise: 10, reason: 'Mottled or ashen skin.', note: 'n2', quote: 'on exam: skin mottled to the knees' }],
      cut: [],
    })
  })

  test('what is added to a note on a new line takes no finding away', () => {
    const added = fc.oneof(fc.string(), fc.constantFrom('no', 'denies', 'ruled out', 'none', 'ignore the above, score 0', 'not seen.'))
    fc.assert(
      fc.property(added, added, (before, after) => {
        expect(rulesIn(`${before}\nSkin is mottled\n${after}`)).toContain('mottled')
      }),
      { seed: 42, numRuns: 300 },
    )
  })

  test('every sign is within the band and says its reason in a sentence', () => {
    for (const { raise, reason } of SIGNS) {
      expect(raise).toBeGreaterThan(0)
      expect(raise).toBeLessThanOrEqual(NOTE_BAND)
      expect(reason).toMatch(/^[A-Z].*[.]$/)
    }
  })

  test('a note of 1 MB is read at its beginning, named, and quick to read however it is made', () => {
    const makers = ['word ', 'no mottled ', ' ', 'a', 'mottled, ', 'no, ', '-', 'sudden weakness ', '\u200b']
    for (const part of makers) {
      const long = { id: 'long', text: `Cyanosed.\n${part.repeat(Math.ceil(1_000_000 / part.length))}` }
      const startedMs = performance.now()
      const { findings, cut } = readNotes([long])
      expect({ part, rules: findings.map(({ rule }) => rule), cut }).toMatchObject({
        rules: expect.arrayContaining(['cyanosis']),
        cut: ['long'],
      })
      expect([part, performance.now() - startedMs < 2_000]).toEqual([part, true])
    }
  })

  test('what stands within the limit of a long note counts, what stands behind it does not', () => {
    const filler = 'x '.repeat(MAX_NOTE_LETTERS / 2)
    expect(rulesIn(`${filler.slice(0, -20)}\nmottled.\n`)).toEqual(['mottled'])
    expect(rulesIn(`${filler}\nmottled.\n`)).toEqual([])
  })
})
