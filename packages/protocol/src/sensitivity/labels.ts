import type { SensitivityKey } from '../categories.ts'
import { canonicalSystem, MAX_SYSTEM } from './codeSystems.ts'

/**
 * What keeps an entry back. `withheld` is no kind that a consent can name: an entry with it never leaves.
 */
export type EntrySensitivity = SensitivityKey | 'withheld'

/** A security label as far as it matters here; whatever stands in it. */
export type LabelLike = { readonly system?: unknown; readonly code?: unknown }

/** Publications that define the codes; they were read in secondary copies of the R4 and R5 value sets. */
export const LABEL_SOURCES = [
  {
    title:
      'HL7 Terminology (THO) 7.0: v3-ActCode (InformationSensitivityPolicy, RefrainPolicy, ObligationPolicy, Compartment), v3-Confidentiality',
    date: '2025-11-01',
  },
  { title: 'HL7 FHIR Data Segmentation for Privacy (DS4P) 1.0.0, inline security labels', date: '2023-04-17' },
  { title: 'IHE Privacy Consent on FHIR (PCF) 1.1, for how confidentiality and sensitivity combine', date: '2024-02-16' },
] as const

/** Sensitivity codes of v3-ActCode, and the laws that protect the same data, with the kinds that a consent must name, all of them. */
export const SENSITIVITY_LABELS: Readonly<Record<string, readonly SensitivityKey[]>> = {
  // Kinds of information. BH stands above mental health and substance use; the law of 38 USC 7332 protects three kinds.
  HIV: ['hiv'],
  ETH: ['substance-use'],
  SUD: ['substance-use'],
  ETHUD: ['substance-use'],
  OPIOIDUD: ['substance-use'],
  '42CFRPART2': ['substance-use'],
  BH: ['mental-health', 'substance-use'],
  MH: ['mental-health'],
  PSY: ['mental-health'],
  PSYTHPN: ['mental-health'],
  COGN: ['mental-health'],
  DVD: ['mental-health'],
  EMOTDIS: ['mental-health'],
  HIPAAPSYNOTES: ['mental-health'],
  SEX: ['sexual-health'],
  STD: ['sexual-health'],
  PREGNANT: ['sexual-health'],
  GENDER: ['sexual-health'],
  SDV: ['violence'],
  VIO: ['violence'],
  MST: ['violence', 'sexual-health'],
  GDIS: ['genetic'],
  SCA: ['genetic'],
  SICKLE: ['genetic'],
  TITLE38SECTION7332: ['substance-use', 'hiv', 'genetic'],
  // Why the hospital or the patient marked it, whatever it is about.
  SPI: ['restricted'],
  ADOL: ['restricted'],
  B: ['restricted'],
  CEL: ['restricted'],
  VIP: ['restricted'],
  DEMO: ['restricted'],
  DIA: ['restricted'],
  DOB: ['restricted'],
  DRGIS: ['restricted'],
  EMP: ['restricted'],
  EMPL: ['restricted'],
  HIPAASELFPAY: ['restricted'],
  IDS: ['restricted'],
  LIVARG: ['restricted'],
  LOCIS: ['restricted'],
  MARST: ['restricted'],
  PATLOC: ['restricted'],
  PDS: ['restricted'],
  PHY: ['restricted'],
  PRS: ['restricted'],
  RACE: ['restricted'],
  REL: ['restricted'],
  SSP: ['restricted'],
  // For whom it is meant inside the hospital.
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
}

/** Spellings of no standard that hospitals use. */
const LOCAL_LABELS: Readonly<Record<string, readonly SensitivityKey[]>> = {
  SUBSTANCE: ['substance-use'],
  REPRO: ['sexual-health'],
  'SDV-REPRO': ['sexual-health', 'violence'],
  GENE: ['genetic'],
  CELEB: ['restricted'],
}

/** Obligations that every release fulfils: it is decided by the consent, logged on chain, encrypted in storage and on its way. */
export const FULFILLED_OBLIGATIONS = ['AOD', 'AUDIT', 'AUDTR', 'CPLYCC', 'CPLYCD', 'ENCRYPT', 'ENCRYPTR', 'ENCRYPTT'] as const

/** Labels of v3-ObservationValue that say how good data is or how it was changed, and restrict nothing. */
export const INTEGRITY_LABELS = [
  ...['ABSTRED', 'AGGRED', 'ANONYED', 'MAPPED', 'MASKED', 'PSEUDED', 'REDACTED', 'SUBSETTED', 'SYNTAC', 'TRSLT', 'VERSIONED'],
  ...['CRYTOHASH', 'DIGSIGN', 'HRELIABLE', 'RELIABLE', 'UNCERTREL', 'UNRELIABLE'],
  ...['CLINAST', 'DEVAST', 'HCPAST', 'PACQAST', 'PATAST', 'PAYAST', 'PROAST', 'SDMAST'],
  ...['CLINRPT', 'DEVRPT', 'HCPRPT', 'PACQRPT', 'PATRPT', 'PAYRPT', 'PRORPT', 'SDMRPT'],
] as const

/** Says that parts of the resource are labelled where they stand. */
export const INLINE_LABELS_FLAG = 'PROCESSINLINELABEL'

type LabelSystem = 'confidentiality' | 'act-code' | 'observation-value' | 'act-reason' | 'unnamed' | 'other'

const SYSTEM_OIDS: Readonly<Record<string, LabelSystem>> = {
  '2.16.840.1.113883.5.25': 'confidentiality',
  '2.16.840.1.113883.5.4': 'act-code',
  '2.16.840.1.113883.5.1063': 'observation-value',
  '2.16.840.1.113883.5.8': 'act-reason',
}

const CONFIDENTIALITY_LEVELS: Readonly<Record<string, 'open' | 'restricted' | 'very-restricted'>> = {
  U: 'open',
  L: 'open',
  M: 'open',
  N: 'open',
  R: 'restricted',
  V: 'very-restricted',
}

/**
 * What the security labels of one resource ask of a consent, taken together.
 * - U, L, M and N ask nothing. V keeps the resource back from everybody.
 * - Each sensitivity asks for its kind. R beside one asks nothing more, since a labelling service adds R to whatever it finds sensitive; R alone asks for `restricted`.
 * - A label that is not known by system and code, a taboo, a refrain policy, and an obligation that a release does not fulfil keep the resource back from everybody.
 */
export function kindsOfLabels(labels: readonly LabelLike[]): EntrySensitivity[] {
  const kinds = new Set<EntrySensitivity>()
  let isRestricted = false
  for (const label of labels) {
    const meaning = meaningOf(label)
    if (meaning === 'restricted') isRestricted = true
    else for (const kind of meaning) kinds.add(kind)
  }
  const isNamed = [...kinds].some((kind) => kind !== 'withheld' && kind !== 'restricted')
  if (isRestricted && !isNamed) kinds.add('restricted')
  return [...kinds]
}

/** Whether a label is the flag that parts are labelled where they stand. */
export function isInlineLabelsFlag({ code }: LabelLike): boolean {
  return typeof code === 'string' && code.trim().toUpperCase() === INLINE_LABELS_FLAG
}

/** What a coding outside the labels says when it is a sensitivity or confidentiality code nevertheless: as a tag, say. */
export function kindsOfStrayLabel(coding: LabelLike): EntrySensitivity[] {
  const { system, code } = nameOf(coding)
  if (system === 'confidentiality' && CONFIDENTIALITY_LEVELS[code] !== undefined) return kindsOfLabels([coding])
  if (system === 'act-code' && Object.hasOwn(SENSITIVITY_LABELS, code)) return [...(SENSITIVITY_LABELS[code] ?? [])]
  return []
}

function meaningOf(label: LabelLike): 'restricted' | readonly EntrySensitivity[] {
  const { system, code } = nameOf(label)
  const level = system === 'confidentiality' || system === 'unnamed' ? levelOf(code) : undefined
  if (level === 'open') return []
  if (level === 'restricted') return 'restricted'
  if (level === 'very-restricted') return ['withheld']
  if (isInlineLabelsFlag(label) && (system === 'act-code' || system === 'act-reason' || system === 'unnamed')) return []
  if (system === 'act-code' || system === 'unnamed') {
    if (Object.hasOwn(SENSITIVITY_LABELS, code)) return SENSITIVITY_LABELS[code] ?? ['withheld']
    if (FULFILLED_OBLIGATIONS.some((known) => known === code)) return []
    if (Object.hasOwn(LOCAL_LABELS, code)) return LOCAL_LABELS[code] ?? ['withheld']
  }
  if ((system === 'observation-value' || system === 'unnamed') && INTEGRITY_LABELS.some((known) => known === code)) return []
  return ['withheld']
}

function levelOf(code: string): 'open' | 'restricted' | 'very-restricted' | undefined {
  return Object.hasOwn(CONFIDENTIALITY_LEVELS, code) ? CONFIDENTIALITY_LEVELS[code] : undefined
}

function nameOf({ system, code }: LabelLike): { system: LabelSystem; code: string } {
  return { system: labelSystemOf(system), code: typeof code === 'string' ? code.trim().toUpperCase() : '' }
}

function labelSystemOf(system: unknown): LabelSystem {
  if (system === undefined || system === '') return 'unnamed'
  if (typeof system !== 'string' || system.length > MAX_SYSTEM) return 'other'
  const name = canonicalSystem(system)
  const oid = SYSTEM_OIDS[name]
  if (oid !== undefined) return oid
  // A hospital's own system may use the same letters for something else.
  if (name.includes('/') && !/^([\w-]{1,40}\.)?hl7\.org\//.test(name)) return 'other'
  if (/(^|\/)(v3[-/])?confidentiality$/.test(name)) return 'confidentiality'
  if (/(^|\/)(v3[-/])?actcode$/.test(name)) return 'act-code'
  if (/(^|\/)(v3[-/])?observationvalue$/.test(name)) return 'observation-value'
  if (/(^|\/)(v3[-/])?actreason$/.test(name)) return 'act-reason'
  return 'other'
}
