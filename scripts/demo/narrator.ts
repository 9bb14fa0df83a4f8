import { ChoreError } from '../choreError.ts'

/** Tells a story step by step, with what proves each step and how long it took. */
export type Narrator = {
  chapter(title: string): void
  /** Does one step and tells it; `proof` is e.g. a transaction. */
  step<T>(what: string, work: () => Promise<T>, proof?: (result: T) => string): Promise<T>
  /** Says what is so, and fails when it is not. */
  check(what: string, holds: boolean): void
}

/** A narrator that prints to standard output. */
export function narrator(): Narrator {
  let number = 0
  return {
    chapter: (title) => console.log(`\n${title}`),
    async step(what, work, proof = () => '') {
      const startedMs = performance.now()
      const label = `${String(++number).padStart(2)}. ${what}`
      try {
        const result = await work()
        const shown = proof(result)
        console.log(`  ✓ ${label}  (${Math.round(performance.now() - startedMs)} ms)${shown === '' ? '' : `\n        ${shown}`}`)
        return result
      } catch (error) {
        console.log(`  ✗ ${label}`)
        throw error
      }
    },
    check(what, holds) {
      console.log(`  ${holds ? '✓' : '✗'}     ${what}`)
      if (!holds)
        throw new ChoreError(
          'demo/not-so',
          `It should be so, and is not: ${what}.`,
          'This is a defect of MedSync: the step before it tells where.',
        )
    },
  }
}
