import { type Heard, type Note, readSuggestion, suggestionPrompt } from '@medsync/protocol/urgency'
import type { ModelMemory } from './caseFile.ts'
import type { CaseModel } from './caseModel.ts'
import { ModelError } from './modelError.ts'

/** How much text of one case a model is asked about: from the newest back. */
const MAX_ASKED_LETTERS = 12_000

/** What is remembered when notes were added and the model has not answered yet. What it said before goes on counting. */
export function askAgain(before: ModelMemory | null, ofNotes: number, atS: number): ModelMemory {
  return { state: 'asking', code: null, atS, ofNotes, heard: before?.heard ?? null }
}

/**
 * Asks a model about the notes of one case, once. Never throws for what the model does: whatever it was is remembered and shown, and a failure leaves the score as it was.
 * @throws Only when `signal` ended it.
 */
export async function hearModel(
  model: CaseModel,
  notes: readonly Note[],
  { before, atS, signal }: { readonly before: ModelMemory | null; readonly atS: number; readonly signal: AbortSignal },
): Promise<ModelMemory> {
  const asked = newestThatFit(notes)
  const memory = { ofNotes: notes.length, atS, code: null, heard: before?.heard ?? null }
  try {
    const heard = readSuggestion(await model.ask(suggestionPrompt(asked), signal), asked)
    if ('refused' in heard) return { ...memory, state: 'refused', code: heard.refused, heard: stronger(memory.heard, heard) }
    return { ...memory, state: 'heard', heard: stronger(memory.heard, heard) }
  } catch (failure) {
    if (signal.aborted || !(failure instanceof ModelError)) throw failure
    return { ...memory, state: 'failed', code: failure.failure }
  }
}

/** A suggestion once taken stays until a higher one is: no later note can talk it down. */
function stronger(before: Heard | null, now: Heard): ModelMemory['heard'] {
  if (before === null || !('taken' in before)) return now
  return 'taken' in now && now.taken.raise > before.taken.raise ? now : before
}

/** Of a note that does not fit whole, its beginning. */
function newestThatFit(notes: readonly Note[]): Note[] {
  let room = MAX_ASKED_LETTERS
  const asked = notes.toReversed().map(({ id, text }) => {
    const fitting = text.slice(0, room)
    room -= fitting.length
    return { id, text: fitting }
  })
  return asked.filter(({ text }) => text !== '').toReversed()
}
