import * as z from 'zod'

/** Its name in the vault. */
export const OWN = 'own'

const range = z.object({ min: z.number(), max: z.number(), decimals: z.number() })
const toldSchema = z.object({
  round: z.string(),
  field: z.string(),
  range: range.nullable(),
  edges: z.array(z.number()).readonly().nullable(),
  criteria: z.string().nullable(),
  cohorts: z.array(z.record(z.string(), z.array(z.number()).readonly())).readonly(),
  hospitals: z.array(z.string()).readonly(),
})
const ownSchema = z.object({
  /** All randomness of the round is derived from it. */
  seed: z.string(),
  input: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('statistics'),
      counts: z.array(z.string()).readonly(),
      values: z.array(z.string()).readonly(),
      told: z.array(toldSchema).readonly(),
      names: z.array(z.object({ executor: z.string(), organisation: z.string() })),
    }),
    z.object({ kind: z.literal('ranking'), cases: z.array(z.object({ caseId: z.string(), score: z.number() })) }),
  ]),
})
const outcomeSchema = z.object({ isConfirmed: z.boolean().nullable() })

/** What a hospital keeps in its vault from before it joins a round until the round has ended. */
export type KeptInput = z.output<typeof ownSchema>

export const readOwn = (value: unknown): KeptInput | undefined => (value === undefined ? undefined : ownSchema.parse(value))
export const readOutcome = (value: unknown) => (value === undefined ? undefined : outcomeSchema.parse(value))
