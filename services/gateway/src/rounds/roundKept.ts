import * as z from 'zod'

/** Its name in the vault. */
export const OWN = 'own'

const ownSchema = z.object({
  /** What the round is, as this hospital joined it: its opener may write another one in its place. */
  round: z.object({
    kind: z.string(),
    opener: z.string(),
    parties: z.array(z.string()),
    threshold: z.number(),
    parameters: z.string(),
    deadlineS: z.number(),
  }),
  /** All randomness of the round is derived from it. */
  seed: z.string(),
  /** Who may take part, as the circle and the chain had them when this hospital joined. Keys in base64. */
  hospitals: z.array(z.object({ executor: z.string(), organisation: z.string(), key: z.string() })),
  input: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('statistics'),
      counts: z.array(z.string()).readonly(),
      values: z.array(z.string()).readonly(),
    }),
    z.object({
      kind: z.literal('ranking'),
      cases: z.array(z.object({ caseId: z.string(), score: z.number() })),
      /** Cases that found no place. */
      left: z.number(),
    }),
  ]),
})
const outcomeSchema = z.object({
  /** Whether this hospital opened the same result itself; null when the round went on without it. */
  isConfirmed: z.boolean().nullable(),
  /** The result that was stated when this hospital looked: its opener may write another one in its place. */
  stated: z.string().nullable(),
  /** Of a ranking: what became of its own cases. */
  ranked: z.object({ cases: z.number(), left: z.number(), areFalse: z.boolean() }).nullable(),
})

/** What a hospital keeps in its vault from before it joins a round until the round has ended. */
export type KeptInput = z.output<typeof ownSchema>
/** What it keeps of it afterwards. */
export type KeptOutcome = z.output<typeof outcomeSchema>

export const readOwn = (value: unknown): KeptInput | undefined => (value === undefined ? undefined : ownSchema.parse(value))
export const readOutcome = (value: unknown) => (value === undefined ? undefined : outcomeSchema.parse(value))
