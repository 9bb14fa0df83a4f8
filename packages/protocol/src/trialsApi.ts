import * as z from 'zod'
import { commitmentSchema, organisationIdSchema, recordIdSchema, studyIdSchema } from './ids.ts'
import { setOf } from './lists.ts'
import { studyDetailsSchema } from './studies.ts'
import { consentTermsSchema } from './terms.ts'
import { recordPatientSchema } from './urgencyApi.ts'

/*
 * Bodies and answers of trial matching: criteria of a study, how many patients meet them, and invitations. What a record says never leaves its hospital: the
 * office learns counts, a patient what concerns them.
 */

const seconds = z.number().int().min(0)
export const verdictSchema = z.enum(['met', 'not-met', 'unknown'])

/** PUT /research/trials/:study: a FHIR R4 Group (see packages/protocol/src/matching). What hospitals were asked before stays asked. */
export const trialBodySchema = z.strictObject({ criteria: z.unknown() })
/** How the criteria were understood, in words. */
export const trialSavedSchema = z.object({ study: studyIdSchema, words: z.array(z.string()) })

/** How many patients of all hospitals meet the criteria. Below the smallest cohort only that it is so. */
export const trialCountSchema = z.object({
  round: z.string(),
  state: z.enum(['counting', 'counted', 'withheld', 'given-up']),
  people: z.number().int().nullable(),
  /** Why it was given up: a code of `errorWords`. */ reason: z.string().nullable(),
})
/** GET /research/trials: own studies that have criteria. POST /research/trials/:study/counts asks the hospitals and answers `trialCountOpenedSchema`. */
export const trialSchema = z.object({
  study: studyIdSchema,
  criteria: z.unknown(),
  /** The criteria in words, in their order. */ words: z.array(z.string()),
  savedAtS: seconds,
  /** The latest; null before the first. */ count: trialCountSchema.nullable(),
})
export const trialsSchema = z.object({ items: z.array(trialSchema) })
export type Trial = z.output<typeof trialSchema>
export const trialCountOpenedSchema = z.object({ round: z.string() })

/** GET /hospital/trials: studies that the hospitals were asked to count for. */
export const hospitalTrialSchema = z.object({
  study: studyIdSchema,
  /** Whose study it is, as the chain has it. */ organisation: organisationIdSchema,
  /** Null when it was filed at another gateway. */ details: studyDetailsSchema.nullable(),
  words: z.array(z.string()),
  round: z.string(),
})
export const hospitalTrialsSchema = z.object({ items: z.array(hospitalTrialSchema) })
export type HospitalTrial = z.output<typeof hospitalTrialSchema>

/** One criterion of one record: contents of the record, for its hospital's staff alone. */
export const criterionMatchSchema = z.object({
  characteristic: z.number().int(),
  asked: z.string(),
  isExcluded: z.boolean(),
  verdict: verdictSchema,
  evidence: z.array(z.object({ source: z.string(), found: z.string(), verdict: verdictSchema })),
  missing: z.array(z.object({ reason: z.string(), what: z.string(), source: z.string().optional() })),
})
export const invitationStateSchema = z.enum(['open', 'accepted', 'declined'])
/** One record against the criteria. */
export const trialMatchSchema = z.object({
  record: recordIdSchema,
  verdict: verdictSchema,
  isDeceased: z.boolean(),
  /** An account is linked, so that it can be invited. */ isLinked: z.boolean(),
  invitation: invitationStateSchema.nullable(),
  criteria: z.array(criterionMatchSchema),
})
export type TrialMatch = z.output<typeof trialMatchSchema>
/** The same as people read it. */
export const trialMatchRowSchema = trialMatchSchema.extend({ patient: recordPatientSchema })
export type TrialMatchRow = z.output<typeof trialMatchRowSchema>
/** GET /hospital/trials/:study/matches: own records, those that meet the criteria first. */
export const trialMatchesSchema = z.object({
  items: z.array(trialMatchRowSchema),
  /** Records of each verdict. */ totals: z.object({ met: z.number().int(), 'not-met': z.number().int(), unknown: z.number().int() }),
})

/** POST /hospital/trials/:study/invitations: invites the linked patients of own records that meet the criteria now. Again: nobody twice. */
export const inviteBodySchema = z.strictObject({ records: setOf(recordIdSchema, { min: 1, max: 500 }) })
export const invitedSchema = z.object({ invited: z.array(recordIdSchema), left: z.array(recordIdSchema) })

/** GET /patient/invitations: to studies that a hospital of the patient thinks they fit. */
export const invitationSchema = z.object({
  invitation: z.uuid(),
  study: studyIdSchema,
  organisation: organisationIdSchema,
  hospital: organisationIdSchema,
  details: studyDetailsSchema.nullable(),
  /** What the study looks for, in words. */ words: z.array(z.string()),
  state: invitationStateSchema,
  invitedAtS: seconds,
  /** Until when the study runs. */ deadlineS: seconds,
})
export const invitationsSchema = z.object({ items: z.array(invitationSchema) })
export type Invitation = z.output<typeof invitationSchema>
/**
 * POST /patient/invitations/:invitation/acceptance: says what consent to grant: the patient looks at the terms, files and grants them as any consent, and then calls
 * POST /patient/invitations/:invitation/consent with its commitment. POST /patient/invitations/:invitation/decline says no.
 */
export const invitationDraftSchema = z.object({ terms: consentTermsSchema })
export const invitationConsentBodySchema = z.strictObject({ commitment: commitmentSchema })
export const invitationAnswerSchema = z.object({ state: invitationStateSchema })
