import * as z from 'zod'
import { organisationIdSchema } from './ids.ts'
import { setOf } from './lists.ts'
import { EPSILONS_MILLI } from './sharing/privacyBudget.ts'

/*
 * What the portals ask of rounds, in which hospitals compute together, and what they are told: bodies and answers under /hospital/rounds.
 */

/** Names of a person's bins, in their order: what cohorts can be told apart by. Ages are whole years at the time of the round. */
export const COHORT_FIELDS = {
  ageDecade: ['0-9', '10-19', '20-29', '30-39', '40-49', '50-59', '60-69', '70-79', '80-89', '90-99', '100 and over', 'unknown'],
  gender: ['female', 'male', 'other', 'unknown'],
} as const
export type CohortField = keyof typeof COHORT_FIELDS

/** Places for waiting cases at each hospital, the same for all, so that nobody's number shows. */
export const RANKING_SLOTS = [50, 200, 1_000] as const

/** A round's id: the node that opened it and a name. */
export const roundIdSchema = z
  .string()
  .regex(/^[0-9a-f]{64}\.[A-Za-z0-9-]{1,24}$/)
  .max(89)
export const roundKindSchema = z.enum(['statistics', 'ranking'])
export type RoundKind = z.output<typeof roundKindSchema>

/** Whose number is asked: one a person. `observation` takes each person's latest value of that LOINC code in that UCUM unit. */
export const statisticsFieldSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('people') }),
  z.strictObject({ kind: z.literal('age') }),
  z.strictObject({
    kind: z.literal('observation'),
    loinc: z
      .string()
      .regex(/^\d{1,7}-\d$/)
      .max(9),
    unit: z
      .string()
      .regex(/^[\x21-\x7e]{1,40}$/)
      .max(40),
  }),
  /** People who meet a study's criteria, as the hospitals' trial matching reads them. Only to be counted. */
  z.strictObject({
    kind: z.literal('study'),
    study: z
      .string()
      .regex(/^[\x21-\x7e]{1,80}$/)
      .max(80),
    criteria: z.unknown(),
  }),
])
export type StatisticsField = z.output<typeof statisticsFieldSchema>

const range = z.strictObject({ min: z.number(), max: z.number(), decimals: z.number().int().min(0).max(9) })
/** What is asked of the numbers. Numbers beyond a range count as its end; a histogram's people outside its edges are not counted. */
export const statisticsMeasureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count') }),
  z.strictObject({ kind: z.enum(['sum', 'mean', 'variance']), range }),
  z.strictObject({ kind: z.literal('histogram'), edges: z.array(z.number()).min(2).max(201) }),
  z.strictObject({ kind: z.literal('crossTable'), rows: z.enum(['ageDecade', 'gender']), columns: z.enum(['ageDecade', 'gender']) }),
])
export type StatisticsMeasure = z.output<typeof statisticsMeasureSchema>

const bins = setOf(
  z.number().int().min(0).max(11),
  { min: 1, max: 12 },
  COHORT_FIELDS.ageDecade.map((_, bin) => bin),
)
/** What is asked. `cohort` names bins of `COHORT_FIELDS` by their number from 0; a field that is left out does not matter. */
export const statisticsQuestionSchema = z.strictObject({
  field: statisticsFieldSchema,
  measure: statisticsMeasureSchema,
  cohort: z.strictObject({ ageDecade: bins.optional(), gender: bins.optional() }).default({}),
  /** With noise of each hospital in the answer, which then tells little of any one person: how little is epsilon, in thousandths. Without it the answer is exact. */
  privacy: z.strictObject({ epsilonMilli: z.literal(EPSILONS_MILLI) }).optional(),
})
export type StatisticsQuestion = z.output<typeof statisticsQuestionSchema>

/**
 * Of the people, and with the values, of which time: that of the `last` answer on the field, if there is one, or `now`. An answer of now is withheld when only a few
 * people came since: the difference would tell of them.
 */
export const asOfSchema = z.enum(['last', 'now']).default('last')
export type AsOf = z.output<typeof asOfSchema>
/** POST /hospital/rounds/statistics */
export const openStatisticsBodySchema = statisticsQuestionSchema.extend({ asOf: asOfSchema })

/** GET /hospital/rounds/budget: what answers with noise have told of this hospital's people, of what they may tell together (`PRIVACY_BUDGET`). */
export const privacyBudgetSchema = z.object({
  totalMilli: z.number().int(),
  spentMilli: z.number().int(),
  /** When the first of what is spent comes back, in Unix seconds. */
  returnsAtS: z.number().int().nullable(),
  /** So many would take part now, each with noise of its own. */
  hospitals: z.number().int(),
})
export type PrivacyBudget = z.output<typeof privacyBudgetSchema>

/** POST /hospital/rounds/ranking */
export const rankingBodySchema = z.strictObject({ slots: z.literal(RANKING_SLOTS).default(200) })
export const roundOpenedSchema = z.object({ round: roundIdSchema })
/** POST /hospital/rounds/:id/abort. The note stands in clear in the circle: no word about patients. */
export const abortRoundBodySchema = z.strictObject({ note: z.string().max(200).default('') })

/** Of an answer with noise: no farther from the truth in 95 of 100 answers. `value` is of the answer, or of each cell by itself. */
const error95 = z.object({ cohort: z.number(), value: z.number() }).optional()
/** What the circle is told at the end of a statistics round. `null` in cells is withheld; with noise nothing in cells is, and they may be below 0. */
export const statisticsResultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('withheld'), why: z.enum(['small-cohort', 'small-group']) }),
  z.object({ kind: z.enum(['count', 'sum', 'mean', 'variance']), cohort: z.number().int(), value: z.number(), error95 }),
  z.object({ kind: z.enum(['histogram', 'crossTable']), cohort: z.number().int(), cells: z.array(z.number().nullable()), error95 }),
])
export type StatisticsResult = z.output<typeof statisticsResultSchema>
/** What the circle is told at the end of a ranking: who waits where stays with each hospital. With the nonces anyone can repeat the order of ties. */
export const rankingResultSchema = z.object({
  kind: z.literal('ranking'),
  total: z.number().int(),
  nonces: z.array(z.object({ organisation: organisationIdSchema, nonce: z.string() })),
})
export type RankingResult = z.output<typeof rankingResultSchema>

/** Why a round was given up: a code of `errorWords`, and who is to blame or missing where that is known. */
export const roundReasonSchema = z.object({
  code: z.string(),
  organisations: z.array(organisationIdSchema),
  note: z.string(),
  /** Who says so: each hospital looks for itself, and the first to speak ends the round. */
  by: organisationIdSchema.nullable(),
})
export type RoundReason = z.output<typeof roundReasonSchema>

const summary = {
  round: roundIdSchema,
  kind: roundKindSchema,
  state: z.enum(['opened', 'closed', 'aborted']),
  openedBy: organisationIdSchema.nullable(),
  parties: z.array(organisationIdSchema),
  deadlineS: z.number().int(),
  /** The step that is under way, or was when the round ended. */
  step: z.string().nullable(),
  /** What a statistics round asks; null for a ranking. */
  question: statisticsQuestionSchema.nullable(),
  /** The time that a statistics round's answer is of, in Unix seconds. */
  asOfS: z.number().int().nullable(),
}
export const roundSummarySchema = z.object(summary)
export type RoundSummary = z.output<typeof roundSummarySchema>
/** GET /hospital/rounds?after=&limit= */
export const roundsPageSchema = z.object({ items: z.array(roundSummarySchema), next: z.string().nullable() })

/** GET /hospital/rounds/:id */
export const roundDetailSchema = z.object({
  ...summary,
  /** So many hospitals' shares open; any fewer say nothing. */
  threshold: z.number().int(),
  steps: z.array(z.object({ name: z.string(), contributed: z.array(organisationIdSchema) })),
  slots: z.number().int().nullable(),
  /** What its opener states; of a round that this hospital took part in only once it has opened the same. */
  result: z.union([statisticsResultSchema, rankingResultSchema]).nullable(),
  /** Of a ranking: what became of this hospital's own cases. Nobody else learns it. */
  own: z
    .object({
      /** So many were ranked. */ cases: z.number().int(),
      /** So many found no place: the most urgent ones go first. */ left: z.number().int(),
      /** Somebody's answer about them was false, so they have no ranks. */ areFalse: z.boolean(),
    })
    .nullable(),
  /** Whether this hospital opened the same result itself; null while it does not know, and when it took no part. */
  isConfirmed: z.boolean().nullable(),
  /** Who sent false shares that were left out. */
  tampered: z.array(organisationIdSchema),
  reason: roundReasonSchema.nullable(),
})
export type RoundDetail = z.output<typeof roundDetailSchema>
