import { LOINC, SNOMED } from '../urgency/codes.ts'
import type { Coding } from './coding.ts'

export const ICD10 = 'http://hl7.org/fhir/sid/icd-10'
export const ICD10_CM = 'http://hl7.org/fhir/sid/icd-10-cm'
export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm'
export const ATC = 'http://www.whocc.no/atc'

/** What a characteristic asks about. */
export type Topic = 'age' | 'gender' | 'birth-sex' | 'condition' | 'medication' | 'procedure' | 'observation'
/** Topics that are answered by entries of a list in the record. */
export type Listed = 'condition' | 'medication' | 'procedure'

/** Codes of a characteristic that say what its value is about; any other LOINC code is an observation. */
const TOPICS = new Map<string, Topic>([
  [`${LOINC}|30525-0`, 'age'], // Age
  [`${SNOMED}|424144002`, 'age'], // Current chronological age
  [`${LOINC}|46098-0`, 'gender'], // Sex
  [`${SNOMED}|263495000`, 'gender'], // Gender
  [`${LOINC}|76689-9`, 'birth-sex'], // Sex assigned at birth
  [`${LOINC}|29308-4`, 'condition'], // Diagnosis
  [`${SNOMED}|439401001`, 'condition'], // Diagnosis
  [`${SNOMED}|64572001`, 'condition'], // Disease
  [`${SNOMED}|404684003`, 'condition'], // Clinical finding
  [`${LOINC}|10160-0`, 'medication'], // History of Medication use
  [`${SNOMED}|410942007`, 'medication'], // Drug or medicament
  [`${LOINC}|47519-4`, 'procedure'], // History of Procedures
  [`${SNOMED}|71388002`, 'procedure'], // Procedure
])
/** What a code itself is about, when the value only says whether: `valueBoolean`. */
const TOPIC_OF_SYSTEM = new Map<string, Topic>([
  [SNOMED, 'condition'],
  [ICD10, 'condition'],
  [ICD10_CM, 'condition'],
  [RXNORM, 'medication'],
  [ATC, 'medication'],
  [LOINC, 'observation'],
])

/** What the codings of a characteristic say that its value is about; undefined for codes that are not known, or that contradict each other. */
export function topicOf(codings: readonly Coding[]): Topic | undefined {
  const topics = new Set(codings.flatMap(({ system, code }) => TOPICS.get(`${system}|${code}`) ?? (system === LOINC ? 'observation' : [])))
  return topics.size === 1 ? [...topics][0] : undefined
}

/** As `topicOf`, for a characteristic whose value is only true or false: there the code is what is looked for. */
export function topicOfPresence(codings: readonly Coding[]): Topic | undefined {
  const topics = new Set(codings.map(({ system }) => TOPIC_OF_SYSTEM.get(system)))
  return topics.size === 1 ? [...topics][0] : undefined
}

/** Ways to code a gender or sex. @source HL7 administrative-gender and v3-AdministrativeGender; LOINC answer list LL1-9; SNOMED CT. */
const GENDERS = new Map([
  ['http://hl7.org/fhir/administrative-gender|female', 'female'],
  ['http://hl7.org/fhir/administrative-gender|male', 'male'],
  ['http://hl7.org/fhir/administrative-gender|other', 'other'],
  ['http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender|F', 'female'],
  ['http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender|M', 'male'],
  [`${LOINC}|LA3-6`, 'female'],
  [`${LOINC}|LA2-8`, 'male'],
  [`${SNOMED}|248152002`, 'female'],
  [`${SNOMED}|248153007`, 'male'],
])

/** The gender that a coding means. */
export const genderOf = ({ system, code }: Coding): string | undefined => GENDERS.get(`${system}|${code}`)
