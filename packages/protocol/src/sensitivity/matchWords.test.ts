import { describe, expect, test } from 'vitest'
import type { SensitivityKey } from '../categories.ts'
import { kindsOfText } from './matchWords.ts'

const NAMED: readonly (readonly [SensitivityKey, string])[] = [
  ['hiv', 'HIV 1+2 Ab+HIV1 p24 Ag [Presence] in Serum'],
  ['hiv', 'AIDS'],
  ['hiv', 'Acquired immune deficiency syndrome'],
  ['hiv', 'bictegravir / emtricitabine / tenofovir alafenamide'],
  ['hiv', 'Biktarvy 50/200/25'],
  ['hiv', 'CD4 count'],
  ['substance-use', 'Alcohol dependence'],
  ['substance-use', 'Alcoholic cirrhosis of liver'],
  ['substance-use', 'Opioid use disorder, severe'],
  ['substance-use', 'buprenorphine 8 MG / naloxone 2 MG Sublingual Tablet'],
  ['substance-use', 'METHADONE CLINIC'],
  ['substance-use', 'Urine drug screen'],
  ['substance-use', 'Cocaine [Presence] in Urine by Screen method'],
  ['mental-health', 'Paranoid schizophrenia'],
  ['mental-health', 'Major depressive disorder'],
  ['mental-health', 'Anxiety'],
  ['mental-health', 'sertraline 50 MG Oral Tablet'],
  ['mental-health', 'Inpatient psychiatric ward'],
  ['mental-health', 'Suicidal ideation'],
  ['mental-health', 'PHQ-9 total score'],
  ['mental-health', 'Bipolar I disorder'],
  ['sexual-health', 'Pregnancy test positive'],
  ['sexual-health', 'Termination of pregnancy'],
  ['sexual-health', 'Syphilis'],
  ['sexual-health', 'Chlamydia trachomatis'],
  ['sexual-health', 'Yaz 28 Day Pack'],
  ['sexual-health', 'Sexual orientation'],
  ['sexual-health', 'Gender dysphoria'],
  ['violence', 'Adult physical abuse, confirmed, initial encounter'],
  ['violence', 'Victim of intimate partner abuse'],
  ['violence', 'Rape'],
  ['violence', 'Abuse'],
  ['violence', 'Child neglect'],
  ['sexual-health', 'Human papilloma virus 16 DNA [Presence] in Cervix'],
  ['mental-health', 'lisdexamfetamine dimesylate 40 MG Oral Capsule'],
  ['violence', 'Domestic violence counselling'],
  ['genetic', 'BRCA1 gene mutations found'],
  ['genetic', 'Sickle cell trait'],
  ['genetic', 'Trisomy 21'],
  ['genetic', 'Cystic fibrosis carrier'],
  ['genetic', 'Whole exome sequencing'],
]

const ORDINARY_TEXTS = [
  'Diabetes mellitus type 2',
  'ST depression in lead II',
  'Respiratory depression',
  'Bipolar hip prosthesis',
  'Nonalcoholic steatohepatitis',
  'Non-alcoholic fatty liver disease',
  'Isopropyl alcohol 70 %',
  'Alcohol swab',
  'Hearing aids',
  'aids in walking',
  'Photophobia',
  'Dr. Gene Smith',
  'Cardiac stress test',
  'Lewy body dementia, since May',
  'Hemoglobin A1c',
  'Lactate [Moles/volume] in Blood',
  'Body mass index (BMI) [Ratio]',
  'Do you consider yourself Hispanic/Latino?',
  'Delivery of durable equipment',
  'Laboratory',
  'Fracture of forearm',
  'Influenza vaccine',
  'Atenolol 50 MG',
  'Air traffic noise',
  'Tortuous aorta',
  'Psychomotor and reflexes normal',
  'human papilloma virus vaccine, quadrivalent',
  'Human Papillomavirus 9-valent vaccine',
  'Visuospatial neglect',
  'Alcohol-based hand rub',
]

describe('words', () => {
  test.each(NAMED)('%s is named by "%s"', (kind, text) => {
    expect(kindsOfText(text)).toContain(kind)
    if (!/[A-Z]{3}/.test(text)) expect(kindsOfText(text.toUpperCase())).toContain(kind)
  })

  test.each(ORDINARY_TEXTS)('"%s" names nothing', (text) => {
    expect(kindsOfText(text)).toEqual([])
    expect(kindsOfText(text)).toEqual([])
  })

  test('a long text is searched in a few milliseconds', () => {
    const text = 'The patient walked to the clinic and was seen for a cough. '.repeat(2_000)
    const start = performance.now()
    expect(kindsOfText(text)).toEqual([])
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(kindsOfText(`${text} Known HIV.`)).toEqual(['hiv'])
  })
})
