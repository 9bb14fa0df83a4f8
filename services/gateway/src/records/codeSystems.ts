const HL7_CODE = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$/

/**
 * Public code systems, by the beginning of their URI, and how a code of each is written. In these a display is a term of the system; in any other one (a hospital's own)
 * it can say anything.
 * @source FHIR R4, "Using Terminologies" (http://hl7.org/fhir/R4/terminologies-systems.html), and what each system publishes on its codes.
 */
const PUBLIC_SYSTEMS: readonly { readonly uri: RegExp; readonly code: RegExp }[] = [
  { uri: /^http:\/\/snomed\.info\/sct(\/\d{6,18}(\/version\/\d{8})?)?$/, code: /^\d{6,18}$/ },
  { uri: /^http:\/\/loinc\.org$/, code: /^(LA|LP|LL|LG|MTHU)?\d{1,7}-\d$/ },
  { uri: /^http:\/\/www\.nlm\.nih\.gov\/research\/umls\/rxnorm$/, code: /^\d{1,8}$/ },
  {
    uri: /^http:\/\/hl7\.org\/fhir\/sid\/icd-10(-[a-z]{2,3})?$/,
    code: /^([A-Z]\d[\dA-Z]([.-]?[\dA-Z]{1,4})?[+*†!-]{0,2}|[\dA-HJ-NP-Z]{7})$/,
  },
  { uri: /^http:\/\/www\.cms\.gov\/Medicare\/Coding\/ICD10$/, code: /^[\dA-HJ-NP-Z]{7}$/ },
  { uri: /^http:\/\/fhir\.de\/CodeSystem\/(bfarm|dimdi)\/icd-10-gm$/, code: /^[A-Z]\d[\dA-Z]([.-]?[\dA-Z]{1,3})?[+*†!-]{0,2}$/ },
  { uri: /^http:\/\/(id\.who\.int\/icd\/release\/11\/mms|hl7\.org\/fhir\/sid\/icd-11)$/, code: /^[\dA-Z]{4}(\.[\dA-Z]{1,4})?$/ },
  { uri: /^http:\/\/hl7\.org\/fhir\/sid\/icd-9(-cm)?$/, code: /^[VE]?\d{2,3}(\.\d{1,2})?$/ },
  { uri: /^http:\/\/hl7\.org\/fhir\/sid\/icpc-?[12]$/i, code: /^[A-Z]\d\d$/ },
  { uri: /^http:\/\/(www\.whocc\.no\/atc|fhir\.de\/CodeSystem\/bfarm\/atc)$/, code: /^[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?$/ },
  { uri: /^http:\/\/www\.ama-assn\.org\/go\/cpt$/, code: /^\d{4}[\dA-Z]$/ },
  {
    uri: /^(http:\/\/www\.cms\.gov\/Medicare\/Coding\/HCPCSReleaseCodeSets|http:\/\/terminology\.hl7\.org\/CodeSystem\/HCPCS)/,
    code: /^[A-Z]\d{4}$/,
  },
  { uri: /^http:\/\/hl7\.org\/fhir\/sid\/cvx$/, code: /^\d{1,3}$/ },
  { uri: /^http:\/\/hl7\.org\/fhir\/sid\/ndc$/, code: /^\d[\d*-]{8,13}$/ },
  {
    uri: /^http:\/\/(varnomen\.hgvs\.org|www\.genenames\.org|www\.genenames\.org\/geneId)$/,
    code: /^(HGNC:\d{1,6}|[A-Z]{2}_\d{1,12}\.\d{1,3}:[cgnpr]\.[\w.>()*=+-]{1,80})$/,
  },
  { uri: /^http:\/\/dicom\.nema\.org\/(resources\/ontology\/DCM|medical\/dicom\/[\w./-]{1,80})$/, code: /^[A-Z0-9]{2,12}$/ },
  { uri: /^urn:ietf:bcp:47$/, code: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/ },
  { uri: /^urn:ietf:bcp:13$/, code: /^[a-z]{1,20}\/[a-z0-9.+-]{1,60}$/ },
  { uri: /^urn:ietf:rfc:3986$/, code: /^urn:oid:[\d.]{1,64}$/ },
  { uri: /^urn:iso:std:iso:\d{1,6}$/, code: /^[A-Z0-9]{2,4}$/ },
  { uri: /^urn:oid:2\.16\.840\.1\.113883\.(5|6)(\.\d{1,6}){1,3}$/, code: HL7_CODE },
  { uri: /^http:\/\/terminology\.hl7\.org\/(CodeSystem\/)?[\w./-]{1,80}$/, code: HL7_CODE },
  { uri: /^http:\/\/hl7\.org\/fhir\/[\w./-]{1,80}$/, code: HL7_CODE },
  { uri: /^http:\/\/ihe\.net\/fhir\/[\w./-]{1,80}$/, code: HL7_CODE },
  {
    uri: /^https:\/\/bluebutton\.cms\.gov\/resources\/[\w./-]{1,80}$/,
    code: /^(https:\/\/bluebutton\.cms\.gov\/resources\/[\w./-]{1,80}|[A-Za-z0-9]{1,12})$/,
  },
  { uri: /^https:\/\/www\.nubc\.org\/CodeSystem\/[\w-]{1,60}$/, code: /^[A-Za-z0-9]{1,8}$/ },
]

/** How a hospital's own code may look: no more than a code needs. */
const LOCAL_CODE = /^[A-Za-z0-9][A-Za-z0-9._:/+*-]{0,39}$/
const URI =
  /^(https?:\/\/[\w.-]{1,100}(:\d{1,5})?(\/[\w./~-]{0,200})?|urn:(oid:[\d.]{1,100}|uuid:[\da-fA-F-]{36}|[a-z][a-z0-9-]{1,31}:[\w.:-]{1,150}))$/

/** Whether a code is one as this public system writes them. */
export function isPublicCode(system: string, code: string): boolean {
  const known = PUBLIC_SYSTEMS.find(({ uri }) => uri.test(system))
  return known?.code.test(code) ?? false
}

/** Whether a code of a system that is none of the public ones has at least the form of a code, and the system a URI. */
export function isLocalCode(system: string, code: string): boolean {
  return !PUBLIC_SYSTEMS.some(({ uri }) => uri.test(system)) && isUri(system) && LOCAL_CODE.test(code)
}

/** Whether this is a URI without a query or anything else in which text could be carried. */
export function isUri(value: string): boolean {
  return URI.test(value)
}

/** SNOMED CT's longest terms have 255 letters. */
const MAX_TERM = 255
const NO_TERM = [
  /[\p{C}\p{Zl}\p{Zp}@]/u,
  /:\/\/|www\./i,
  // Two sentences.
  /[.!?;]\s+\p{Lu}/u,
  // A day, a number as long as a telephone's.
  /\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/,
  /\d([\s()/-]{0,2}\d){7}/,
]

/**
 * Whether a display has the form of a term: one line, no sentences, no days, telephone numbers or addresses. MedSync ships no terminology, so it cannot tell whether
 * it is the term of its code.
 */
export function isTerm(display: string): boolean {
  return display.length <= MAX_TERM && display.trim() !== '' && !NO_TERM.some((pattern) => pattern.test(display))
}
