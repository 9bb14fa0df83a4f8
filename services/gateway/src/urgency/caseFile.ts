import {
  accountSchema,
  caseIdSchema,
  modelStateSchema,
  newCaseBodySchema,
  pastScoreSchema,
  recordIdSchema,
  scoreDecisionSchema,
  urgencyScoreSchema,
} from '@medsync/protocol'
import { type Decision, type ScoreInForce, scoreInForce, suggestionSchema, type UrgencyScore } from '@medsync/protocol/urgency'
import * as z from 'zod'

/** What the language model was asked and said, as it is kept. `ofNotes` is how many notes it was asked about. */
const modelMemorySchema = modelStateSchema.omit({ state: true }).extend({
  state: z.enum(['asking', 'heard', 'refused', 'failed']),
  ofNotes: z.number().int(),
  heard: z
    .union([
      z.object({ taken: suggestionSchema }),
      z.object({ refused: z.enum(['urgency/suggestion-unreadable', 'urgency/suggestion-not-in-notes']) }),
    ])
    .nullable(),
})
export type ModelMemory = z.output<typeof modelMemorySchema>

/** All that is kept of a case except what was added to it (`CaseEntries`): one value in the vault, so that it changes whole. */
export const caseFileSchema = z.object({
  case: caseIdSchema,
  record: recordIdSchema,
  specialty: newCaseBodySchema.shape.specialty,
  arrivedAtS: z.number().int(),
  episodeFromS: z.number().int(),
  oxygenScale: z.union([z.literal(1), z.literal(2)]),
  isPregnant: z.boolean().nullable(),
  createdBy: accountSchema,
  createdAtS: z.number().int(),
  revision: z.number().int(),
  urgency: urgencyScoreSchema,
  outOfScope: z.enum(['under-16', 'age-unknown', 'pregnant']).nullable(),
  decisions: z.array(scoreDecisionSchema),
  history: z.array(pastScoreSchema),
  model: modelMemorySchema.nullable(),
})
export type CaseFile = z.output<typeof caseFileSchema>

/** Key of the file of a case. */
export const fileKey = (caseId: string): string => `${FILES}${caseId}`
/** What all such keys begin with. */
export const FILES = 'case/'

/** The computed score as the rules of urgency know it. */
export function computedScore({ urgency }: Pick<CaseFile, 'urgency'>): UrgencyScore {
  const { evidence, remarks } = urgency
  return {
    ...urgency,
    evidence: { ...evidence, suggestion: evidence.suggestion },
    remarks: remarks.map(({ code, note }) => (note === undefined ? { code } : { code, note })),
  }
}

/** The score that counts: the newest decision, as long as it stands. */
export function countingScore(file: Pick<CaseFile, 'urgency' | 'decisions' | 'history'>): ScoreInForce {
  const last: Decision | undefined = file.decisions.at(-1)
  const since = file.history.filter(({ scoredAtS }) => last !== undefined && scoredAtS > last.atS).map(({ score }) => score)
  return scoreInForce(computedScore(file), last, since)
}
