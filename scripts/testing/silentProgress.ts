import type { Progress } from '../progress.ts'

/** Tells nobody; keeps the notes for a test to look at. */
export function silentProgress(): Progress & { notes: string[] } {
  const notes: string[] = []
  return { notes, update: () => undefined, note: (text) => void notes.push(text), done: () => undefined, failed: () => undefined }
}
