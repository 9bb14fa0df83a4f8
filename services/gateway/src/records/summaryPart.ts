import { CATEGORY_KEYS, SENSITIVITY_KEYS } from '@medsync/protocol'
import * as z from 'zod'

/** The summary part as it is stored. */
export const summarySchema = z.object({
  name: z.string(),
  birthDate: z.string(),
  resources: z.number(),
  uncategorised: z.number(),
  categories: z.array(z.object({ category: z.enum(CATEGORY_KEYS), count: z.number(), fromS: z.number(), toS: z.number() })),
  sensitivities: z.array(z.enum(SENSITIVITY_KEYS)),
  /** A summary that does not say so may be of a record with something that leaves under no consent. */
  holdsWithheld: z.boolean().default(true),
  patientUrls: z.array(z.string()),
  identifyingWords: z.array(z.string()),
  /** Records from before the rules had a number. */
  sensitivityRules: z.number().default(1),
})
