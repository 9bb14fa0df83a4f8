/** Code systems whose codes can tell something sensitive. */
export type ClinicalCodeSystem =
  | 'snomed'
  | 'loinc'
  | 'rxnorm'
  | 'icd-10'
  | 'icd-9'
  | 'icd-11'
  | 'icd-10-pcs'
  | 'icd-9-procedures'
  | 'icpc'
  | 'atc'
  | 'cpt'
  | 'revenue'
  | 'drg'
  | 'place-of-service'
  | 'provider-taxonomy'
  | 'hl7-v3'
  | 'dsm'
  | 'genomics'

/** What a `system` says: a code system known here, another one, or nothing at all. */
export type NamedCodeSystem = ClinicalCodeSystem | 'other' | 'unnamed'

const OIDS: Readonly<Record<string, ClinicalCodeSystem>> = {
  '2.16.840.1.113883.6.96': 'snomed',
  '2.16.840.1.113883.6.5': 'snomed',
  '2.16.840.1.113883.6.1': 'loinc',
  '2.16.840.1.113883.6.88': 'rxnorm',
  '2.16.840.1.113883.6.3': 'icd-10',
  '2.16.840.1.113883.6.3.1': 'icd-10',
  '2.16.840.1.113883.6.90': 'icd-10',
  '2.16.840.1.113883.6.260': 'icd-10',
  '1.2.276.0.76.5.409': 'icd-10',
  '2.16.840.1.113883.6.347': 'icd-11',
  '2.16.840.1.113883.6.2': 'icd-9',
  '2.16.840.1.113883.6.42': 'icd-9',
  '2.16.840.1.113883.6.103': 'icd-9',
  '2.16.840.1.113883.6.104': 'icd-9-procedures',
  '2.16.840.1.113883.6.4': 'icd-10-pcs',
  '2.16.840.1.113883.6.139': 'icpc',
  '2.16.840.1.113883.2.4.4.31.1': 'icpc',
  '2.16.840.1.113883.6.73': 'atc',
  '2.16.840.1.113883.6.12': 'cpt',
  '2.16.840.1.113883.6.14': 'cpt',
  '2.16.840.1.113883.6.285': 'cpt',
  '2.16.840.1.113883.6.301.3': 'revenue',
  '2.16.840.1.113883.6.101': 'provider-taxonomy',
  '2.16.840.1.113883.5.4': 'hl7-v3',
  '2.16.840.1.113883.5.111': 'hl7-v3',
  '2.16.840.1.113883.6.126': 'dsm',
  '2.16.840.1.113883.6.344': 'dsm',
  '2.16.840.1.113883.6.281': 'genomics',
  '2.16.840.1.113883.6.282': 'genomics',
  '2.16.840.1.113883.6.174': 'genomics',
}

/** By what stands in a URI, in this order: the more special spelling first. */
const SPELLINGS: readonly (readonly [RegExp, ClinicalCodeSystem])[] = [
  [/v3[-/](actcode|rolecode|servicedeliverylocationroletype)/, 'hl7-v3'],
  [/snomed/, 'snomed'],
  [/loinc/, 'loinc'],
  [/rxnorm/, 'rxnorm'],
  [/icd-?_?10-?_?(pcs|procedure)|cms\.gov\/medicare\/coding\/icd10/, 'icd-10-pcs'],
  [/icd-?_?10|\bcim-?10|\bcie-?10/, 'icd-10'],
  [/icd-?_?11|\/icd\/release\/11/, 'icd-11'],
  [/icd-?_?9.*(procedure|proc\b|-sg\b|vol-?3)/, 'icd-9-procedures'],
  [/icd-?_?9/, 'icd-9'],
  [/icpc/, 'icpc'],
  [/whocc|\batc\b|fhir\.de\/codesystem\/bfarm\/atc/, 'atc'],
  [/hcpcs|\bcpt(-?4)?\b/, 'cpt'],
  [/revenue|nubc/, 'revenue'],
  [/\b(ms-?)?drg\b|ms-drg/, 'drg'],
  [/place-?of-?service/, 'place-of-service'],
  [/provider-?taxonomy|nucc\.org/, 'provider-taxonomy'],
  [/\bdsm\b|dsm-?(iv|v|4|5)/, 'dsm'],
  [/genenames|clinvar|hgvs|varnomen|omim|orpha|dbsnp|pharmvar|\/geneid/, 'genomics'],
]

/** Longer addresses of code systems do not exist; a longer one names nothing, and is not searched. */
export const MAX_SYSTEM = 400

/**
 * The code system that a `system` means, however it is spelled: as a URL (any case, with a trailing slash, a version or an edition), as an OID with or without
 * `urn:oid:`, or as a short name.
 */
export function codeSystemOf(system: unknown): NamedCodeSystem {
  if (typeof system !== 'string') return 'unnamed'
  if (system.length > MAX_SYSTEM) return 'unnamed'
  const name = canonicalSystem(system)
  if (name === '') return 'unnamed'
  return OIDS[name] ?? SPELLINGS.find(([spelling]) => spelling.test(name))?.[1] ?? 'other'
}

/** A `system` in lower case without version, scheme, `urn:oid:` and trailing slash, so that two spellings of one are equal. */
export function canonicalSystem(system: string): string {
  return system
    .trim()
    .toLowerCase()
    .replace(/[|?#].*$/, '')
    .replace(/^(https?:\/\/|urn:oid:|urn:iso:std:iso:)/, '')
    .replace(/\/+$/, '')
}
