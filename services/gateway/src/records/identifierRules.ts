/**
 * Which identifiers tell one person from another, and how two are compared.
 * @source HL7 table 0203 (identifier types); FHIR R4, Identifier.
 */

/** Types of numbers that are given to one person only: by a state, a health service or a hospital. */
const PERSONAL = new Set('PI PN SS NI NIIP PPN DL JHN HC MA MC MCN CZ PRC TAX BC'.split(' '))
/** National person identifiers, by country. */
const NATIONAL = /^NN[A-Z]{2,3}$/
/** Types of numbers that members of a family, or the visits of a person, can share or change. */
const SHARED = new Set('MB SN AN VN AM ANC ANON ANT BA BR CC EI EN FI FILL GI GN MRT PLAC PNT SNO U WC WCN XV XX'.split(' '))
/** Systems of numbers that a state or its health service gives to one person only; these often come without a type. */
const PERSONAL_SYSTEMS = [
  'http://hl7.org/fhir/sid/us-ssn',
  'urn:oid:2.16.840.1.113883.4.1',
  'http://hl7.org/fhir/sid/us-mbi',
  'http://hl7.org/fhir/sid/us-medicare',
  'http://hl7.org/fhir/sid/passport-',
  'https://fhir.nhs.uk/id/nhs-number',
  'http://ns.electronichealth.net.au/id/hi/ihi/1.0',
  'https://standards.digital.health.nz/ns/nhi-id',
  'http://fhir.nl/fhir/namingsystem/bsn',
  'http://fhir.de/sid/gkv/kvid-10',
  'urn:oid:1.2.246.21',
  'urn:oid:1.2.250.1.213.1.4.8',
  'urn:oid:2.16.756.5.32',
]
/** Code systems that stand where a system of identifiers should: they say what kind of number or gap it is, not whose numbers these are. */
const NO_SYSTEMS = [
  'http://terminology.hl7.org/codesystem/',
  'http://hl7.org/fhir/structuredefinition/',
  'http://hl7.org/fhir/valueset/',
  'http://hl7.org/fhir/v2/',
  'http://hl7.org/fhir/v3/',
]
const PLACEHOLDERS = new Set(
  'unknown unk none null nil undefined nan na nav nask asku msk ni masked redacted missing absent empty blank anonymous anon dummy todo tbd pending temp notavailable notapplicable notprovided notknown notasked notrecorded noid nomrn x'.split(
    ' ',
  ),
)
const FORMAT_CHARACTERS = /\p{Cf}/gu

/**
 * A system in the form in which two are compared. Case and a slash at the end never tell two systems of one hospital apart; letters that only look alike do.
 * @example
 * plainSystem(' HTTP://Hospital.example/MRN/ ') // 'http://hospital.example/mrn'
 */
export function plainSystem(system: string): string {
  return system.normalize('NFKC').replace(FORMAT_CHARACTERS, '').replace(/\s+/gu, '').toLowerCase().replace(/\/+$/, '')
}

/**
 * A value in the form in which two are compared. Case counts, as FHIR says; blanks within digits do not.
 * @example
 * plainValue(' 943 476 5919 ') // '9434765919'
 */
export function plainValue(value: string): string {
  const trimmed = value.normalize('NFKC').replace(FORMAT_CHARACTERS, '').replace(/\s+/gu, ' ').trim()
  return /^[\d ]+$/.test(trimmed) ? trimmed.replaceAll(' ', '') : trimmed
}

/** Whether a system and a value, in the form of `plainSystem` and `plainValue`, identify nobody. */
export function isPlaceholder(system: string, value: string): boolean {
  return saysNothing(system) ||
    NO_SYSTEMS.some((start) => system.startsWith(start)) ||
    /^(urn(:oid|:uuid)?|https?|oid|uuid):?$/.test(system)
    ? true
    : saysNothing(value)
}

/** How well an identifier identifies: 1 is the medical record number, up to 3 it is one person's alone, 5 can be shared by several people. */
export function identifierRank({
  system,
  use,
  codes,
}: {
  readonly system: string
  readonly use: string | undefined
  readonly codes: readonly string[]
}): number {
  if (codes.includes('MR')) return 1
  if (codes.some((code) => PERSONAL.has(code) || NATIONAL.test(code)) || PERSONAL_SYSTEMS.some((start) => system.startsWith(start)))
    return 2
  if (codes.some((code) => SHARED.has(code))) return 5
  return use === 'official' ? 3 : 4
}

/** Ranks up to this one are of identifiers that one person alone has. */
export const LAST_PERSONAL_RANK = 3

/** Nothing but punctuation, a word for a gap, zeros, three or more nines, one character six times or more, or counting. */
function saysNothing(text: string): boolean {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return letters === '' || PLACEHOLDERS.has(letters) || /^(0+|9{3,}|(.)\2{5,}|123456789|987654321)$/u.test(letters)
}
