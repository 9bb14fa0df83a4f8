/** A language model that is asked about the notes of one case. */
export type CaseModel = {
  /**
   * What it answers, as text: read with `readSuggestion`, never trusted.
   * @throws {ModelError} It cannot be reached, is late, or says what cannot be read.
   */
  ask(prompt: string, signal: AbortSignal): Promise<string>
}
