/** Tells a person what a chore does and how long it takes. */
export interface Progress {
  /** One more line about the step, for example `compiling 120 of 635`. On a terminal it replaces the one before. */
  update(text: string): void
  /** Something that should stay on the screen: a way that was not taken, a warning. */
  note(text: string): void
  /** The step is done. */
  done(text?: string): void
  /** The step failed; what to do is said by the error that follows. */
  failed(): void
}

const QUIET_S = 10

/**
 * Starts to tell about one step. Off a terminal (CI, a file) an update is printed every ten seconds at most.
 * @param name - What is done, a few words.
 * @param usually - How long it usually takes, in words: `about 30 s`.
 */
export function progress(name: string, usually?: string): Progress {
  const startedMs = performance.now()
  const live = process.stdout.isTTY === true
  let printedMs = startedMs
  const expected = usually === undefined ? '' : ` (usually ${usually})`
  process.stdout.write(`  … ${name}${expected}${live ? '' : '\n'}`)
  return {
    update(text) {
      if (live) return void process.stdout.write(`\r\x1b[2K  … ${name}: ${text}, ${elapsed()}${expected}`)
      if (performance.now() - printedMs < QUIET_S * 1000) return
      printedMs = performance.now()
      process.stdout.write(`  … ${name}: ${text}, ${elapsed()}\n`)
    },
    note(text) {
      process.stdout.write(`${live ? '\r\x1b[2K' : ''}    ${text}\n`)
    },
    done(text) {
      process.stdout.write(`${live ? '\r\x1b[2K' : ''}  ✓ ${name}${text === undefined ? '' : `: ${text}`}, ${elapsed()}\n`)
    },
    failed() {
      process.stdout.write(`${live ? '\r\x1b[2K' : ''}  ✗ ${name}, after ${elapsed()}\n`)
    },
  }

  function elapsed(): string {
    const seconds = (performance.now() - startedMs) / 1000
    return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  }
}

/** Runs one step with its progress told; its failure is told too, and passed on. */
export async function step<T>(name: string, usually: string | undefined, work: (told: Progress) => Promise<T>): Promise<T> {
  const told = progress(name, usually)
  try {
    const result = await work(told)
    told.done()
    return result
  } catch (error) {
    told.failed()
    throw error
  }
}
