import type { NewFiledTerms } from '@medsync/context'
import { accountSchema, commitmentSchema, keptTermsSchema, saltsSchema } from '@medsync/protocol'
import * as z from 'zod'

/** What stands in sealed terms, and in our own copy of them. */
const contentSchema = z.object({
  commitment: commitmentSchema,
  patient: accountSchema,
  terms: keptTermsSchema,
  salts: saltsSchema,
  nonce: z.string().max(64),
  replaces: commitmentSchema.optional(),
})

/** Terms as the patient filed them, in the one form that can be compared. */
export function contentOf(filed: NewFiledTerms): string {
  return JSON.stringify(contentSchema.parse(filed))
}

/** Reads what `contentOf` made; undefined when it is something else. */
export function readContent(text: string): NewFiledTerms | undefined {
  try {
    const content = contentSchema.parse(JSON.parse(text))
    return { ...content, replaces: content.replaces }
  } catch {
    // Sealed to us by somebody who is not honest, or by a version that is not ours: in both cases no terms.
    return undefined
  }
}
