import { parseArgs } from 'node:util'
import { ChoreError } from '../choreError.ts'
import type { StackOptions } from './startStack.ts'

/**
 * What `--context` says: `embedded` or `calimero`; nothing when it is not given.
 * @throws {ChoreError} `start/context` with both values.
 */
export function contextFlag(args: readonly string[]): Pick<StackOptions, 'context'> {
  const { values } = parseArgs({ args: [...args], options: { context: { type: 'string' } }, strict: false, allowPositionals: true })
  const { context } = values
  if (context === undefined) return {}
  if (context === 'embedded' || context === 'calimero') return { context }
  throw new ChoreError(
    'start/context',
    `--context ${String(context)} is nothing that MedSync knows.`,
    'Say --context embedded or --context calimero.',
  )
}
