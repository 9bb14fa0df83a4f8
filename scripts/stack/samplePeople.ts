import type { NewCase } from '@medsync/protocol'

/** A FHIR resource as it is sent. */
type Resource = { readonly resourceType: string; readonly [field: string]: unknown }

/** Somebody who never lived: their record, and, for some, the case that waits with what was measured and written at the bedside. */
export type SamplePerson = {
  readonly bundle: { readonly resourceType: 'Bundle'; readonly type: 'collection'; readonly entry: readonly object[] }
  readonly waits:
    | (Pick<NewCase, 'specialty' | 'arrivedAtS'> & { readonly observations: readonly Resource[]; readonly note: string | undefined })
    | undefined
}

/** Breaths, beats, mm[Hg] stand in the record; oxygen, consciousness and temperature are measured at the bedside, where not undefined. */
type Profile = {
  readonly specialty: string
  readonly waitedS: number
  readonly rate: number
  readonly pulse: number
  readonly systolic: number
  readonly saturation?: number
  readonly flow?: number
  readonly level?: string
  readonly temperature?: number
  readonly note?: string
}

const ALERT = 'LA9340-6'
const VOICE = 'LA17108-4'
/** From well to very ill; the last is a child, for whom NEWS2 does not apply. */
const WAITING: readonly Profile[] = [
  {
    specialty: 'orthopaedics',
    waitedS: 9_000,
    rate: 15,
    pulse: 72,
    systolic: 128,
    saturation: 98,
    flow: 0,
    level: ALERT,
    temperature: 36.8,
  },
  {
    specialty: 'cardiology',
    waitedS: 5_400,
    rate: 21,
    pulse: 104,
    systolic: 109,
    saturation: 95,
    flow: 0,
    level: ALERT,
    temperature: 36.9,
    note: 'No chest pain now. Sweating when he came.',
  },
  {
    specialty: 'internal-medicine',
    waitedS: 3_600,
    rate: 19,
    pulse: 96,
    systolic: 121,
    saturation: 96,
    flow: 0,
    level: ALERT,
    temperature: 38.7,
  },
  {
    specialty: 'respiratory',
    waitedS: 1_800,
    rate: 25,
    pulse: 112,
    systolic: 118,
    saturation: 90,
    flow: 3,
    level: ALERT,
    temperature: 37.6,
  },
  {
    specialty: 'emergency',
    waitedS: 900,
    rate: 27,
    pulse: 126,
    systolic: 86,
    saturation: 91,
    flow: 6,
    level: VOICE,
    temperature: 39.2,
    note: 'Skin mottled to the knees.',
  },
  { specialty: 'neurology', waitedS: 1_200, rate: 16, pulse: 84, systolic: 150, level: ALERT },
  {
    specialty: 'general-surgery',
    waitedS: 2_400,
    rate: 20,
    pulse: 110,
    systolic: 100,
    saturation: 98,
    flow: 0,
    level: ALERT,
    temperature: 37.4,
  },
]
const CHILD = WAITING.length - 1
/** People with a record and no case, for questions to all hospitals. */
const OTHERS = 5
const NAMES = ['Ada', 'Bela', 'Chidi', 'Dana', 'Emre', 'Fay', 'Goro', 'Hanna', 'Idris', 'Juno', 'Kofi', 'Lena']
const HOSPITALS_APART = 3

/** Made-up people of one hospital, another dozen for each; nobody and no record behind them. @param place - Of the hospital, from 0. */
export function samplePeople(slug: string, place: number, nowS: number): SamplePerson[] {
  return NAMES.slice(0, WAITING.length + OTHERS).map((name, index) => {
    const waiting = WAITING[index]
    const profile = shifted(waiting ?? { specialty: '', waitedS: 7_200, rate: 14, pulse: 66, systolic: 112 + 4 * index }, place)
    const id = `sample-${slug}-${index}`
    const measuredAtS = nowS - Math.min(profile.waitedS, 600)
    const patient = {
      resourceType: 'Patient',
      id,
      identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:medsync:sample', value: id }],
      name: [{ use: 'official', family: 'Sample', given: [name] }],
      gender: index % 2 === 0 ? 'female' : 'male',
      birthDate: `${index === CHILD ? 2018 : 1938 + ((7 * index + 11 * place) % 60)}-0${1 + (index % 9)}-1${place % HOSPITALS_APART}`,
    }
    const inRecord = [
      measured('9279-1', profile.rate, '/min', measuredAtS),
      measured('8867-4', profile.pulse, '/min', measuredAtS),
      measured('8480-6', profile.systolic, 'mm[Hg]', measuredAtS),
    ].map((one, at) => ({ ...one, id: `${id}-${at}`, subject: { reference: `urn:uuid:${id}` } }))
    const entry = [patient, ...inRecord].map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource }))
    const observations = atBedside(profile, measuredAtS)
    const { specialty, waitedS, note } = profile
    const waits = waiting === undefined ? undefined : { specialty, arrivedAtS: nowS - waitedS, observations, note }
    return { bundle: { resourceType: 'Bundle', type: 'collection', entry }, waits }
  })
}

/** The same person at another hospital would be a strange thing to see. */
function shifted(profile: Profile, place: number): Profile {
  const { rate, pulse, systolic, waitedS } = profile
  return { ...profile, rate: rate - (place % 2), pulse: pulse + 2 * place, systolic: systolic + 3 * place, waitedS: waitedS + 300 * place }
}

function atBedside({ saturation, flow, level, temperature }: Profile, atS: number): Resource[] {
  return [
    ...(saturation === undefined ? [] : [measured('59408-5', saturation, '%', atS)]),
    ...(flow === undefined ? [] : [measured('3151-8', flow, 'L/min', atS)]),
    ...(temperature === undefined ? [] : [measured('8310-5', temperature, 'Cel', atS)]),
    ...(level === undefined ? [] : [{ ...observed('67775-7', atS), valueCodeableConcept: coded(level) }]),
  ]
}

function measured(code: string, value: number, unit: string, atS: number): Resource {
  return { ...observed(code, atS), valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } }
}

function observed(code: string, atS: number): Resource {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
    code: coded(code),
    effectiveDateTime: new Date(atS * 1_000).toISOString(),
  }
}

const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
