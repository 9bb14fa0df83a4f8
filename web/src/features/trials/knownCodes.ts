/** A code that people know by its name. */
export type KnownCode = { readonly code: string; readonly name: string }

/** Usual conditions. @source SNOMED CT codes as Synthea's records have them. */
export const CONDITIONS: readonly KnownCode[] = [
  { code: '59621000', name: 'Essential hypertension' },
  { code: '44054006', name: 'Diabetes mellitus type 2' },
  { code: '15777000', name: 'Prediabetes' },
  { code: '162864005', name: 'Obesity, body mass index of 30 or more' },
  { code: '414545008', name: 'Ischaemic heart disease' },
  { code: '431855005', name: 'Chronic kidney disease, stage 1' },
  { code: '431856006', name: 'Chronic kidney disease, stage 2' },
  { code: '195967001', name: 'Asthma' },
  { code: '271737000', name: 'Anaemia' },
  { code: '84757009', name: 'Epilepsy' },
  { code: '78275009', name: 'Obstructive sleep apnoea' },
  { code: '239873007', name: 'Osteoarthritis of the knee' },
  { code: '72892002', name: 'Normal pregnancy' },
  { code: '40055000', name: 'Chronic sinusitis' },
]

/** Usual medications. @source RxNorm codes as Synthea's records have them. */
export const MEDICATIONS: readonly KnownCode[] = [
  { code: '308136', name: 'Amlodipine 2.5 mg' },
  { code: '314076', name: 'Lisinopril 10 mg' },
  { code: '866412', name: 'Metoprolol succinate 100 mg' },
  { code: '310798', name: 'Hydrochlorothiazide 25 mg' },
  { code: '309362', name: 'Clopidogrel 75 mg' },
  { code: '312961', name: 'Simvastatin 20 mg' },
  { code: '860975', name: 'Metformin 500 mg' },
  { code: '313782', name: 'Paracetamol 325 mg' },
]

/** Code systems that hospitals compare, as FHIR names them. */
export const SYSTEMS = {
  snomed: { url: 'http://snomed.info/sct', name: 'SNOMED CT', for: 'condition' },
  icd10: { url: 'http://hl7.org/fhir/sid/icd-10', name: 'ICD-10', for: 'condition' },
  icd10cm: { url: 'http://hl7.org/fhir/sid/icd-10-cm', name: 'ICD-10-CM', for: 'condition' },
  rxnorm: { url: 'http://www.nlm.nih.gov/research/umls/rxnorm', name: 'RxNorm', for: 'medication' },
  atc: { url: 'http://www.whocc.no/atc', name: 'ATC', for: 'medication' },
} as const
export type SystemKey = keyof typeof SYSTEMS
/** The systems a kind of criterion can be coded in, the usual one first. */
export const systemsFor = (kind: 'condition' | 'medication'): SystemKey[] =>
  (Object.keys(SYSTEMS) as SystemKey[]).filter((key) => SYSTEMS[key].for === kind)

/** The name of a code, where it is known here. */
export function nameOfCode(code: string): string | undefined {
  return [...CONDITIONS, ...MEDICATIONS].find((known) => known.code === code)?.name
}
