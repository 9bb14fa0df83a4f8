import { describe, expect, test } from 'vitest'
import {
  type EntrySensitivity,
  FULFILLED_OBLIGATIONS,
  INTEGRITY_LABELS,
  kindsOfLabels,
  kindsOfStrayLabel,
  type LabelLike,
} from './labels.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const labels = (...codes: string[]): LabelLike[] =>
  codes.map((code) => ({ system: /^[ULMNRV]$/.test(code) ? CONFIDENTIALITY : ACT_CODE, code }))

/** Every code of the InformationSensitivityPolicy of v3-ActCode. */
const POLICY: Readonly<Record<string, readonly EntrySensitivity[]>> = {
  ETH: ['substance-use'],
  GDIS: ['genetic'],
  HIV: ['hiv'],
  MST: ['violence', 'sexual-health'],
  PREGNANT: ['sexual-health'],
  SCA: ['genetic'],
  SDV: ['violence'],
  SEX: ['sexual-health'],
  SPI: ['restricted'],
  BH: ['mental-health', 'substance-use'],
  COGN: ['mental-health'],
  DVD: ['mental-health'],
  EMOTDIS: ['mental-health'],
  MH: ['mental-health'],
  PSY: ['mental-health'],
  PSYTHPN: ['mental-health'],
  SUD: ['substance-use'],
  ETHUD: ['substance-use'],
  OPIOIDUD: ['substance-use'],
  STD: ['sexual-health'],
  TBOO: ['withheld'],
  VIO: ['violence'],
  SICKLE: ['genetic'],
  IDS: ['restricted'],
  DEMO: ['restricted'],
  DOB: ['restricted'],
  GENDER: ['sexual-health'],
  LIVARG: ['restricted'],
  MARST: ['restricted'],
  PATLOC: ['restricted'],
  RACE: ['restricted'],
  REL: ['restricted'],
  B: ['restricted'],
  EMPL: ['restricted'],
  LOCIS: ['restricted'],
  SSP: ['restricted'],
  ADOL: ['restricted'],
  CEL: ['restricted'],
  VIP: ['restricted'],
  DIA: ['restricted'],
  DRGIS: ['restricted'],
  EMP: ['restricted'],
  PDS: ['restricted'],
  PHY: ['restricted'],
  PRS: ['restricted'],
  COMPT: ['restricted'],
  ACOCOMPT: ['restricted'],
  CDSSCOMPT: ['restricted'],
  CTCOMPT: ['restricted'],
  FMCOMPT: ['restricted'],
  HRCOMPT: ['restricted'],
  LRCOMPT: ['restricted'],
  PACOMPT: ['restricted'],
  RESCOMPT: ['restricted'],
  RMGTCOMPT: ['restricted'],
  '42CFRPart2': ['substance-use'],
  Title38Section7332: ['substance-use', 'hiv', 'genetic'],
  HIPAAPsyNotes: ['mental-health'],
  HIPAASelfPay: ['restricted'],
}

describe('sensitivity labels', () => {
  test.each(Object.entries(POLICY))('%s asks for %o', (code, kinds) => {
    expect(kindsOfLabels(labels(code))).toEqual(kinds)
    expect(kindsOfLabels([{ code }])).toEqual(kinds)
    expect(kindsOfLabels([{ system: 'http://hl7.org/fhir/v3/ActCode', code: code.toLowerCase() }])).toEqual(kinds)
    expect(kindsOfLabels([{ system: 'urn:oid:2.16.840.1.113883.5.4', code }])).toEqual(kinds)
  })
})

describe('confidentiality', () => {
  test.each(['U', 'L', 'M', 'N'])('%s asks for nothing', (code) => {
    expect(kindsOfLabels(labels(code))).toEqual([])
    expect(kindsOfLabels([{ system: 'http://hl7.org/fhir/v3/Confidentiality', code }])).toEqual([])
    expect(kindsOfLabels([{ system: 'urn:oid:2.16.840.1.113883.5.25', code }])).toEqual([])
  })

  test('R alone asks for what is marked restricted; the highest level counts', () => {
    expect(kindsOfLabels(labels('R'))).toEqual(['restricted'])
    expect(kindsOfLabels(labels('N', 'R'))).toEqual(['restricted'])
  })

  test('V is kept back from everybody, whatever stands beside it', () => {
    expect(kindsOfLabels(labels('V'))).toEqual(['withheld'])
    expect(kindsOfLabels(labels('R', 'V', 'PSY'))).toContain('withheld')
  })

  test('R beside a sensitivity asks for no more than the sensitivity', () => {
    expect(kindsOfLabels(labels('PSY', 'R'))).toEqual(['mental-health'])
    expect(kindsOfLabels(labels('R', 'SEX', 'HIV'))).toEqual(['sexual-health', 'hiv'])
    expect(kindsOfLabels(labels('R', 'CEL'))).toEqual(['restricted'])
    expect(kindsOfLabels(labels('R', 'PSY', 'PRS'))).toEqual(['mental-health', 'restricted'])
  })

  test('N beside a sensitivity does not open it', () => {
    expect(kindsOfLabels(labels('N', 'PSY'))).toEqual(['mental-health'])
  })
})

describe('what is not understood is kept back from everybody', () => {
  test.each<LabelLike>([
    { system: ACT_CODE, code: 'NEWPOLICY' },
    { system: 'http://hospital.example/labels', code: 'PSY' },
    { system: 'http://hospital.example/labels', code: 'N' },
    { system: 'http://hospital.example/labels', code: 'GENE' },
    { system: CONFIDENTIALITY, code: 'PSY' },
    { system: CONFIDENTIALITY, code: 'X' },
    { system: ACT_CODE, code: 'N' },
    { system: ACT_CODE },
    { system: 5, code: 'N' },
    { code: 'anything' },
    { code: 7 },
    { code: 'constructor' },
    { code: '__proto__' },
    {},
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' },
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' },
  ])('error: the label %o', (label) => {
    expect(kindsOfLabels([label])).toContain('withheld')
    expect(kindsOfLabels([...labels('N'), label])).toContain('withheld')
  })

  test.each([
    ...['NOAUTH', 'NOCOLLECT', 'NODSCLCD', 'NODSCLCDS', 'NOINTEGRATE', 'NOLIST', 'NOMOU', 'NOORGPOL', 'NOPAT', 'NOPERSISTP'],
    ...['NORDSCLCD', 'NORDSCLCDS', 'NORDSLCD', 'NORDSCLW', 'NORELINK', 'NOREUSE', 'NOVIP', 'ORCON', 'RefrainPolicy'],
    ...['ANONY', 'CPLYCUI', 'CPLYJPP', 'CPLYJSP', 'CPLYOPP', 'CPLYOSP', 'CPLYPOL', 'DECLASSIFYLABEL', 'DEID', 'DELAU'],
    ...[
      'DOWNGRDLABEL',
      'DRIVLABEL',
      'ENCRYPTU',
      'HUAPRV',
      'LABEL',
      'MASK',
      'MINEC',
      'PERSISTLABEL',
      'PRIVMARK',
      'PSEUD',
      'REDACT',
      'UPGRDLABEL',
    ],
    ...['RedisclosureProhibitionMark', 'RestrictedConfidentialityMark', 'OPTOUT', 'NOCONSENT', 'INFODISCLOSE', 'CommonRule', 'UUI', 'CUI'],
  ])('error: the policy %s', (code) => {
    expect(kindsOfLabels(labels(code))).toEqual(['withheld'])
    expect(kindsOfLabels(labels('PSY', 'R', code))).toContain('withheld')
  })
})

describe('what restricts nothing', () => {
  test.each(FULFILLED_OBLIGATIONS)('the obligation %s is fulfilled by every release', (code) => {
    expect(kindsOfLabels(labels(code))).toEqual([])
    expect(kindsOfLabels(labels('PSY', 'R', code))).toEqual(['mental-health'])
  })

  test.each(INTEGRITY_LABELS)('%s says how good the data is', (code) => {
    expect(kindsOfLabels([{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code }])).toEqual([])
  })

  test('no labels at all', () => {
    expect(kindsOfLabels([])).toEqual([])
  })
})

test('a sensitivity or confidentiality code outside the labels counts, other codes of the same system do not', () => {
  expect(kindsOfStrayLabel({ system: ACT_CODE, code: 'PSY' })).toEqual(['mental-health'])
  expect(kindsOfStrayLabel({ system: CONFIDENTIALITY, code: 'V' })).toEqual(['withheld'])
  expect(kindsOfStrayLabel({ system: ACT_CODE, code: 'AMB' })).toEqual([])
  expect(kindsOfStrayLabel({ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'R' })).toEqual([])
})

test('error: the same letters in a system of the hospital are an unknown label, and so is a system of endless length', () => {
  for (const system of [
    'http://hospital.example/confidentiality',
    'http://hospital.example/v3-Confidentiality',
    'https://hl7.org.example/v3/Confidentiality',
  ]) {
    expect(kindsOfLabels([{ system, code: 'N' }])).toEqual(['withheld'])
  }
  for (const system of [
    'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
    'http://hl7.org/fhir/v3/Confidentiality',
    'v3-Confidentiality',
  ]) {
    expect(kindsOfLabels([{ system, code: 'N' }])).toEqual([])
  }
  expect(kindsOfLabels([{ system: `${'/'.repeat(400_000)}x`, code: 'N' }])).toEqual(['withheld'])
})
