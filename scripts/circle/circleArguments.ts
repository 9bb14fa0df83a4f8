import { parseArgs } from 'node:util'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'

/** How `npm run circle` is used. */
export const USAGE = `Use: npm run circle -- found   --node HOME --as SLUG --kind hospital --file context.json
     npm run circle -- invite  --file context.json --out invitation.json [--hours 1]
     npm run circle -- join    --node HOME --as SLUG --invitation invitation.json --file context.json
     npm run circle -- add     --file context.json --executor HEX
     npm run circle -- admit   --file context.json --executor HEX --organisation SLUG --kind hospital --operator 0x… --deployment deployment.json
     npm run circle -- remove  --file context.json --executor HEX
     npm run circle -- members --file context.json`

const path = z.string().min(1)
const slug = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a short name of lower-case letters, digits and dashes')
const kind = z.enum(['hospital', 'research'])
const executor = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits, as `join` prints them')

const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('found'), node: path, as: slug, kind, file: path }),
  z.strictObject({ command: z.literal('invite'), file: path, out: path, hours: z.coerce.number().positive().max(24).default(1) }),
  z.strictObject({ command: z.literal('join'), node: path, as: slug, invitation: path, file: path }),
  z.strictObject({ command: z.literal('add'), file: path, executor }),
  z.strictObject({
    command: z.literal('admit'),
    file: path,
    executor,
    organisation: slug,
    kind,
    operator: z.string().regex(/^0x[0-9a-fA-F]{1,64}$/, 'an account’s address'),
    deployment: path,
  }),
  z.strictObject({ command: z.literal('remove'), file: path, executor }),
  z.strictObject({ command: z.literal('members'), file: path }),
])

/** One thing that `npm run circle` does. */
export type CircleCommand = z.output<typeof commandSchema>

/**
 * Reads the command line of `npm run circle`.
 * @throws {ChoreError} `circle/arguments` with what is wrong and how it is used.
 */
export function circleArguments(args: string[]): CircleCommand {
  const text = { type: 'string' } as const
  const names = ['node', 'as', 'kind', 'file', 'out', 'hours', 'invitation', 'executor', 'organisation', 'operator', 'deployment']
  const options = Object.fromEntries(names.map((name) => [name, text]))
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const parsed = commandSchema.safeParse({ ...values, command: positionals[0] })
    if (parsed.success && positionals.length === 1) return parsed.data
    const faults = parsed.error?.issues.map(
      ({ path: [name], message }) => `${name === 'command' ? '' : '--'}${String(name ?? '')}: ${message}`,
    )
    throw new ChoreError('circle/arguments', `${faults?.join('; ') ?? 'One command at a time'}.`, USAGE)
  } catch (cause) {
    if (cause instanceof ChoreError) throw cause
    throw new ChoreError('circle/arguments', cause instanceof Error ? cause.message : 'Not understood.', USAGE, { cause })
  }
}
