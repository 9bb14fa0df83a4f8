import { Ollama } from 'ollama/browser'
import * as z from 'zod'
import type { CaseModel } from './caseModel.ts'
import { ModelError } from './modelError.ts'

/** A suggestion is one small object; what says more has not understood the question. */
const MAX_ANSWER_BYTES = 65_536
/** Room for the question and all the notes that it may hold: beyond it a server cuts off the beginning, without a word. */
const CONTEXT_TOKENS = 8_192
/** The form that a model is held to as it writes. Not what it is believed by: that is `readSuggestion`. */
const FORM = {
  type: 'object',
  properties: { raise: { type: 'integer' }, reason: { type: 'string' }, note: { type: 'string' }, quote: { type: 'string' } },
  required: ['raise', 'reason', 'note', 'quote'],
  additionalProperties: false,
} as const
const answerSchema = z.object({ response: z.string() })

/** A server that speaks Ollama's API, and which of its models is asked. */
export type OllamaOptions = {
  /** This machine, or https. */ readonly url: string
  readonly model: string
  /** For the whole answer. */ readonly timeoutMs: number
}

/**
 * A model behind an Ollama server. It is asked once, gets one case's notes and nothing else, and has no tools. Redirects are not followed, an answer beyond 64 KiB is not read to its
 * end, and nothing of what was said either way is logged.
 */
export function askOllama({ url, model, timeoutMs }: OllamaOptions): CaseModel {
  return {
    ask: async (prompt, signal) => {
      const late = AbortSignal.timeout(timeoutMs)
      const client = new Ollama({ host: url, fetch: boundedFetch(AbortSignal.any([signal, late])) })
      try {
        const options = { temperature: 0, seed: 1, num_predict: 512, num_ctx: CONTEXT_TOKENS }
        const answer: unknown = await client.generate({ model, prompt, stream: false, think: false, format: FORM, options })
        return answerSchema.parse(answer).response
      } catch (cause) {
        signal.throwIfAborted()
        if (cause instanceof ModelError) throw cause
        if (late.aborted) throw new ModelError('urgency/model-late', { cause })
        const isOdd = cause instanceof z.ZodError || cause instanceof SyntaxError
        throw new ModelError(isOdd ? 'urgency/model-odd' : 'urgency/model-unreachable', { cause })
      }
    },
  }
}

/** The client's way out: ends with the signal, follows nobody elsewhere, and gives it good answers of a bounded size only, so that it has nothing to print. */
function boundedFetch(signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, { ...init, signal, redirect: 'error' })
    if (!answer.ok) {
      await answer.body?.cancel()
      throw new ModelError('urgency/model-unreachable')
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length
      if (bytes > MAX_ANSWER_BYTES) throw new ModelError('urgency/model-odd')
      chunks.push(chunk)
    }
    return new Response(Buffer.concat(chunks), { status: answer.status, headers: { 'content-type': 'application/json' } })
  }
}
