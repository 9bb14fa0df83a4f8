import type { SensitivityKey } from '../categories.ts'
import { type ClinicalCodeSystem, codeSystemOf } from './codeSystems.ts'
import { kindsOfText } from './matchWords.ts'
import { PREFIXED } from './valueSet.ts'
import { VALUE_SETS } from './valueSets/index.ts'

/** A Coding as far as it matters here; whatever stands in it. */
export type CodingLike = { readonly system?: unknown; readonly code?: unknown }

/** Longer codes do not exist; a longer text in place of a code is not read further. */
const MAX_CODE = 400
/** Code systems whose every code tells the kind. */
const WHOLLY_SENSITIVE: Partial<Record<ClinicalCodeSystem, SensitivityKey>> = { dsm: 'mental-health', genomics: 'genetic' }
/** Codes that are compared when nobody says of which system they are, with how they look there. */
const RECOGNISABLE: readonly (readonly [ClinicalCodeSystem, RegExp])[] = [
  ['icd-10', /^[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?$/i],
  ['loinc', /^\d{3,6}-\d$/],
  ['snomed', /^\d{7,18}$/],
  ['cpt', /^\d{5}$/],
  ['rxnorm', /^\d{3,8}$/],
]
/** Those that look like nothing else, and so are compared whatever a hospital calls the system. */
const UNMISTAKABLE = RECOGNISABLE.filter(([name]) => name === 'loinc' || name === 'snomed')
/** Public systems that are none of the above, some with codes that look like theirs: CDC's races like LOINC. */
const OTHER_PUBLIC_SYSTEM = /^urn:|(^|[/.])hl7\.org\//
/** What is no more than an ICD-10 code can look like: in code systems that are not known here, and in texts. */
const ICD10_IN_TEXT = /(?<![\dA-Z.-])[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}(?![\dA-Z])/gi
/** What a code of these systems has in it: one without stands under the wrong system. */
const FORMS: Partial<Record<ClinicalCodeSystem, RegExp>> = {
  snomed: /\d{6}/,
  loinc: /^\s*([A-Z]{2,4})?\d{1,7}-\d\s*$/i,
  rxnorm: /^\s*\d+\s*$/,
  'icd-10': /^[^A-Z]*[A-Z][\s.]*\d/i,
}

type Kinds = readonly SensitivityKey[]
type Range = { readonly letter: string; readonly from: number; readonly to: number; readonly ending: string; readonly kind: SensitivityKey }
type Index = { readonly byCode: Map<string, SensitivityKey[]>; readonly ranges: Range[] }

let indices: Map<ClinicalCodeSystem, Index> | undefined

/** The sensitive kinds that a coding tells by its code, in whichever spelling; none for most. */
export function kindsOfCoding({ system, code }: CodingLike): Kinds {
  if (typeof code !== 'string' || code.length > MAX_CODE) return []
  const name = codeSystemOf(system)
  if (name === 'other') return kindsOfLocalCode(code, typeof system === 'string' && OTHER_PUBLIC_SYSTEM.test(system.trim().toLowerCase()))
  if (name === 'unnamed' || isMisplaced(name, code)) {
    const looks = RECOGNISABLE.flatMap(([known, look]) => (look.test(code.trim()) ? kindsIn(known, code) : []))
    return [...new Set([...looks, ...kindsOfWordedCode(code)])]
  }
  if (name === 'icd-9' && /^\s*\d{2}(\.\d{1,2})?\s*$/.test(code)) return kindsIn('icd-9-procedures', code)
  // Diagnoses are often sent under the address of the procedures; a procedure has seven characters.
  if (name === 'icd-10-pcs' && bare(code).length !== 7) return kindsIn('icd-10', code)
  return kindsIn(name, code)
}

/** The sensitive kinds of the ICD-10 codes that stand in a text, with their point: without it a bed or a room looks alike. */
export function kindsOfCodesIn(text: string): Kinds {
  return [...new Set((text.match(ICD10_IN_TEXT) ?? []).flatMap((code) => kindsIn('icd-10', code)))]
}

function kindsOfLocalCode(code: string, isPublic: boolean): Kinds {
  const looks = isPublic ? [] : UNMISTAKABLE.flatMap(([known, look]) => (look.test(code.trim()) ? kindsIn(known, code) : []))
  return [...new Set([...looks, ...kindsOfWordedCode(code)])]
}

/** A hospital's own codes are often words: `HIV-POS`. */
function kindsOfWordedCode(code: string): Kinds {
  return [...kindsOfCodesIn(code), ...kindsOfText(code.replace(/[_./:+*-]+/g, ' '))]
}

/** Whether a code is written as none of its system is: sent under the wrong address. */
function isMisplaced(system: ClinicalCodeSystem, code: string): boolean {
  return FORMS[system]?.test(code) === false
}

function kindsIn(system: ClinicalCodeSystem, code: string): Kinds {
  const always = WHOLLY_SENSITIVE[system]
  if (always !== undefined) return [always]
  const index = indexOf(system)
  return spellingsOf(system, code).flatMap((spelled) => [
    ...(PREFIXED.has(system) ? prefixesOf(spelled).flatMap((prefix) => index.byCode.get(prefix) ?? []) : (index.byCode.get(spelled) ?? [])),
    ...index.ranges.filter((range) => isIn(spelled, range)).map(({ kind }) => kind),
    ...(system === 'icd-10' ? kindsByPattern(spelled) : []),
  ])
}

/** The codes that stand in a code as it was sent: a post-coordinated expression of SNOMED CT names several, a CPT code may carry modifiers. */
function spellingsOf(system: ClinicalCodeSystem, code: string): string[] {
  if (system === 'snomed') return code.match(/\d{6,18}/g) ?? []
  if (system === 'rxnorm') return [code.trim().replace(/^0+/, '')]
  if (system === 'loinc') return [code.trim().toUpperCase()]
  if (system === 'cpt') return [bare(code).slice(0, 5)]
  if (system === 'revenue') return [bare(code).padStart(4, '0')]
  return [bare(code)]
}

/** Upper case, without dots, blanks, daggers and the like. */
function bare(code: string): string {
  return code.toUpperCase().replace(/[^0-9A-Z]/g, '')
}

function prefixesOf(code: string): string[] {
  return Array.from({ length: Math.min(code.length, 10) }, (_, index) => code.slice(0, index + 1))
}

function kindsByPattern(code: string): SensitivityKey[] {
  return VALUE_SETS.filter(({ icd10Patterns = [] }) => icd10Patterns.some((pattern) => pattern.test(code))).map(({ kind }) => kind)
}

function isIn(code: string, { letter, from, to, ending }: Range): boolean {
  if (!code.startsWith(letter) || !code.endsWith(ending)) return false
  const digits = code.slice(letter.length, code.length - ending.length)
  return /^\d+$/.test(digits) && Number(digits) >= from && Number(digits) <= to
}

function indexOf(system: ClinicalCodeSystem): Index {
  indices ??= new Map()
  const known = indices.get(system)
  if (known !== undefined) return known
  const index: Index = { byCode: new Map(), ranges: [] }
  indices.set(system, index)
  for (const { kind, codes } of VALUE_SETS) {
    for (const item of (codes[system] ?? '').trim().split(/\s+/)) {
      if (item !== '') addItem(index, system, item, kind)
    }
  }
  return index
}

function addItem(index: Index, system: ClinicalCodeSystem, item: string, kind: SensitivityKey): void {
  const [first = '', last] = system === 'loinc' ? [item] : item.split('-').map(bare)
  if (last === undefined) {
    index.byCode.set(first, [...(index.byCode.get(first) ?? []), kind])
    return
  }
  const { letter, digits, ending } = partsOf(first)
  const end = Number(partsOf(last).digits)
  if (!PREFIXED.has(system)) {
    index.ranges.push({ letter, from: Number(digits), to: end, ending, kind })
    return
  }
  for (let number = Number(digits); number <= end; number += 1) {
    addItem(index, system, `${letter}${String(number).padStart(digits.length, '0')}`, kind)
  }
}

/** `F10` is F and 10, `0001U` is 0001 and U. */
function partsOf(code: string): { letter: string; digits: string; ending: string } {
  const [, letter = '', digits = '', ending = ''] = /^(.*?)(\d+)([A-Z]?)$/.exec(code) ?? []
  return { letter, digits, ending }
}
