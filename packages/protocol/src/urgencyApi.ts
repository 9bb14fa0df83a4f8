import * as z from 'zod'
import { accountSchema, recordIdSchema } from './ids.ts'
import { PARAMETERS } from './urgency/vitals.ts'

/*
 * Bodies and answers of /hospital/cases: a hospital's own cases and their urgency. As in api.ts: times end in S, lists answer { items, next }.
 * Nobody but staff of that hospital is ever answered: another's case is 404.
 */

declare const brand: unique symbol
/** A case of a hospital: a random UUID that says nothing. */
export type CaseId = string & { readonly [brand]: 'CaseId' }
export const caseIdSchema: z.ZodType<CaseId, string> = z.uuid().max(36).toLowerCase() as unknown as z.ZodType<CaseId, string>

const seconds = z.number().int().min(0)
const scoreNumber = z.number().int().min(0).max(100)
const parameterSchema = z.enum(PARAMETERS)
const oxygenScaleSchema = z.union([z.literal(1), z.literal(2)])

/** Specialties that portals offer; any other short name in the same form is taken, too. */
export const SPECIALTIES = [
  'anaesthesiology',
  'cardiology',
  'emergency',
  'gastroenterology',
  'general-surgery',
  'gynaecology',
  'internal-medicine',
  'nephrology',
  'neurology',
  'oncology',
  'orthopaedics',
  'psychiatry',
  'respiratory',
  'urology',
] as const
/** The short name of a specialty: lower-case words with hyphens. */
export const specialtySchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/)
  .max(40)

/** `waiting` cases are ranked, `allocated` ones have a place, `done` is the end: nothing is added any more. */
export const CASE_STATUSES = ['waiting', 'allocated', 'done'] as const
export const caseStatusSchema = z.enum(CASE_STATUSES)
export type CaseStatus = z.output<typeof caseStatusSchema>

/** POST /hospital/cases */
export const newCaseBodySchema = z.strictObject({
  /** One of the hospital's own records. */
  record: recordIdSchema,
  specialty: specialtySchema,
  /** Not in the future, and within the last 30 days. */
  arrivedAtS: seconds,
  /** When this illness began to be observed: what is older does not count. 12 hours before arrival unless told. */
  episodeFromS: seconds.optional(),
  /** 2 only when a clinician prescribed a target of 88-92 % for this patient. */
  oxygenScale: oxygenScaleSchema.optional(),
  /** Whether staff know of a pregnancy: NEWS2 does not apply then. What the record says counts when left out. */
  isPregnant: z.boolean().optional(),
})
export type NewCase = z.output<typeof newCaseBodySchema>

/** POST /hospital/cases/:case/observations: FHIR R4 Observations of this patient. All are taken or none. */
export const MAX_OBSERVATIONS_AT_ONCE = 200
export const addObservationsBodySchema = z.strictObject({
  observations: z.array(z.unknown()).min(1).max(MAX_OBSERVATIONS_AT_ONCE),
})

/** POST /hospital/cases/:case/notes: text as written, at most 100,000 letters (longer: 413, nothing kept). No body is longer than `max`. */
export const addNoteBodySchema = z.strictObject({ text: z.string().trim().min(1).max(262_144) })

/** POST /hospital/cases/:case/confirmation: the computed score is right. Also takes back an override. `revision` is that of the answer that was on the screen. */
export const confirmScoreBodySchema = z.strictObject({ revision: z.number().int().min(1) })

/** POST /hospital/cases/:case/override: the score shall be another one, and why (at least 10 letters). */
export const overrideScoreBodySchema = z.strictObject({
  revision: z.number().int().min(1),
  score: scoreNumber,
  reason: z.string().trim().max(500),
})

/** POST /hospital/cases/:case/assessment: what a clinician says of the patient and no observation does. What is left out stays as it is. */
export const assessCaseBodySchema = z
  .strictObject({
    /** 2 only when a target of 88-92 % was prescribed for this patient. */
    oxygenScale: oxygenScaleSchema.optional(),
    /** Whether NEWS2 must not be used for a pregnancy; null leaves it to the record. */
    isPregnant: z.boolean().nullable().optional(),
  })
  .refine(({ oxygenScale, isPregnant }) => oxygenScale !== undefined || isPregnant !== undefined, { error: 'expected something to say' })
export type AssessCase = z.output<typeof assessCaseBodySchema>

/** What was said of a patient, and by whom. */
export const caseAssessmentSchema = z.object({
  oxygenScale: oxygenScaleSchema,
  isPregnant: z.boolean().nullable(),
  by: accountSchema,
  atS: seconds,
})
export type CaseAssessment = z.output<typeof caseAssessmentSchema>

/** POST /hospital/cases/:case/status */
export const caseStatusBodySchema = z.strictObject({ status: caseStatusSchema })

/** GET /hospital/cases: the most urgent first. */
export const casesQuerySchema = z.object({
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** All when not given. */
  status: caseStatusSchema.optional(),
})

/** Whose record it is, as the record itself says, for staff of its hospital; null when the record cannot be opened. */
export const recordPatientSchema = z.object({ name: z.string(), birthDate: z.string() }).nullable()
export type RecordPatient = z.output<typeof recordPatientSchema>

/** A ranking with other hospitals. */
export const caseRankingSchema = z.object({
  round: z.string(),
  /** How many cases of all hospitals were ranked. */
  total: z.number().int().min(0),
  rankedAtS: seconds,
  /** Waiting cases of this hospital whose score is another one than was ranked. */ changed: z.number().int().min(0),
  /** Waiting cases of this hospital that were not in it. */ unranked: z.number().int().min(0),
})
export type CaseRanking = z.output<typeof caseRankingSchema>

/** Where a case stood in the last ranking with other hospitals. */
export const caseRankSchema = z.object({
  round: z.string(),
  /** From 1, the most urgent. */
  rank: z.number().int().min(1),
  /** How many cases of all hospitals were ranked. */
  total: z.number().int().min(1),
  rankedAtS: seconds,
  /** Its rank in the ranking before; null when it was not in it. */
  before: z.number().int().min(1).nullable(),
  /** Its score is another one than was ranked: the next ranking may place it elsewhere. */
  hasChanged: z.boolean(),
})
export type CaseRank = z.output<typeof caseRankSchema>

/** What a clinician decided, and what was on the screen then. */
export const scoreDecisionSchema = z.object({
  kind: z.enum(['confirmed', 'raised', 'lowered']),
  score: scoreNumber,
  reason: z.string(),
  by: z.string(),
  atS: seconds,
  sawVersion: z.string(),
  sawFloor: scoreNumber,
  sawScore: scoreNumber,
})

/** One row of the list. */
export const caseSummarySchema = z.object({
  case: caseIdSchema,
  record: recordIdSchema,
  specialty: specialtySchema,
  arrivedAtS: seconds,
  status: caseStatusSchema,
  /** The score that counts: a clinician's, else the computed one. */
  score: scoreNumber,
  /** The computed one. */
  computed: scoreNumber,
  /** Version of the rules; scores of different versions do not compare. */
  version: z.string(),
  /** Grows each time the computed score or its evidence changes, and with each decision; sent back with the next one. */
  revision: z.number().int().min(1),
  /** NEWS2 clinical risk of what is known. */
  band: z.enum(['low', 'low-medium', 'medium', 'high']),
  /** What stands above the computed score now. */
  decision: z.enum(['none', 'confirmed', 'raised', 'lowered']),
  /** A decision no longer counts because more has become known: decide again. */
  hasLapsed: z.boolean(),
  /** Vital signs without any usable value: measure them. */
  missing: z.array(parameterSchema),
  /** Vital signs to measure again. */
  outdated: z.array(parameterSchema),
  /** Why NEWS2 does not apply: scored as if nothing were known, until a clinician decides. */
  outOfScope: z.enum(['under-16', 'age-unknown', 'pregnant']).nullable(),
  scoredAtS: seconds,
  rank: caseRankSchema.nullable(),
})
export type CaseSummary = z.output<typeof caseSummarySchema>
/** One row of the list as people read it. */
export const caseRowSchema = caseSummarySchema.extend({ patient: recordPatientSchema })
export type CaseRow = z.output<typeof caseRowSchema>
export const casesSchema = z.object({
  items: z.array(caseRowSchema),
  next: z.string().nullable(),
  /** The last ranking, also when none of these cases was in it; null before the first. */
  ranking: caseRankingSchema.nullable(),
  /** Cases of which the private context has lost everything: open them again, and end these by the status done. */
  lost: z.array(z.object({ case: caseIdSchema, record: recordIdSchema, patient: recordPatientSchema })),
})

const qualitySchema = z.enum([...PARAMETERS, 'lactate', 'neutrophils'])
const points = z.number().int().min(0).max(3)

/** A computed score with its evidence: `UrgencyScore` of @medsync/protocol/urgency. `sources` name entries of `observations`. */
export const urgencyScoreSchema = z.object({
  version: z.string(),
  score: scoreNumber,
  floor: scoreNumber,
  core: scoreNumber,
  worst: scoreNumber,
  news2: z.object({
    points: z.object({
      respiratoryRate: points,
      oxygenSaturation: points,
      oxygen: points,
      systolicPressure: points,
      pulse: points,
      consciousness: points,
      temperature: points,
    }),
    total: z.number().int().min(0).max(20),
    red: z.array(parameterSchema),
    band: caseSummarySchema.shape.band,
  }),
  scoredAtS: seconds,
  evidence: z.object({
    vitals: z.array(z.object({ parameter: parameterSchema, points, sources: z.array(z.string()) })),
    modifiers: z.array(
      z.object({ rule: z.enum(['lactate-above-2', 'neutropenic-fever']), raise: z.number().int(), sources: z.array(z.string()) }),
    ),
    notes: z.array(z.object({ rule: z.string(), raise: z.number().int(), reason: z.string(), note: z.string(), quote: z.string() })),
    suggestion: z.object({ raise: z.number().int(), reason: z.string(), note: z.string(), quote: z.string() }).optional(),
  }),
  missing: z.array(parameterSchema),
  outdated: z.array(parameterSchema),
  implausible: z.array(
    z.object({
      quality: qualitySchema,
      source: z.string(),
      refusal: z.enum(['unreadable', 'no-time', 'in-future', 'unknown-unit', 'unknown-answer', 'outside-limits']),
    }),
  ),
  remarks: z.array(
    z.object({
      code: z.enum(['urgency/note-too-long', 'urgency/suggestion-unreadable', 'urgency/suggestion-not-in-notes']),
      note: z.string().optional(),
    }),
  ),
})

/** A computed score that was in force before; the newest last. */
export const pastScoreSchema = z.object({ scoredAtS: seconds, version: z.string(), score: scoreNumber, floor: scoreNumber })

/** What the language model had to say of the notes. `failed` changes nothing: the rules of the notes count. */
export const modelStateSchema = z.object({
  state: z.enum(['off', 'no-notes', 'asking', 'heard', 'refused', 'failed']),
  /** Words in `errorWords`, when it was refused or failed. */
  code: z.string().nullable(),
  atS: seconds.nullable(),
})

/** GET /hospital/cases/:case: all that a clinician needs to check the score. Show every text as text, never as HTML. */
export const caseDetailSchema = caseRowSchema.extend({
  urgency: urgencyScoreSchema,
  /** The decision that stands, if one does. */
  decided: scoreDecisionSchema.nullable(),
  /** All decisions, the newest last. */
  decisions: z.array(scoreDecisionSchema),
  history: z.array(pastScoreSchema),
  notes: z.array(z.object({ id: z.string(), text: z.string(), by: accountSchema, addedAtS: seconds })),
  /** Observations that were added to the case, and those of the record that count now; `id` as in `sources`. */
  observations: z.array(
    z.object({ id: z.string(), origin: z.enum(['case', 'record']), addedAtS: seconds.nullable(), resource: z.unknown() }),
  ),
  model: modelStateSchema,
  createdBy: accountSchema,
  createdAtS: seconds,
  episodeFromS: seconds,
  oxygenScale: oxygenScaleSchema,
  /** What staff say; null: what the record says counts. */
  isPregnant: z.boolean().nullable(),
  /** All that was said of it, the newest last; the first when the case was opened. */
  assessments: z.array(caseAssessmentSchema),
})
export type CaseDetail = z.output<typeof caseDetailSchema>
