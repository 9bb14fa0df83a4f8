import { readFile, stat } from 'node:fs/promises'
import type { ErrorCode } from '@medsync/protocol'
import type * as z from 'zod'
import { ConfigurationError } from '../gatewayErrors.ts'

/**
 * Reads and parses a JSON file that the gateway starts from. Failures name the file's role and the field, never a value.
 * @param options.secret - Refuse a file that others than its owner may read.
 * @throws {ConfigurationError} With `options.code`.
 */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, options: { secret?: boolean; code: ErrorCode }): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new ConfigurationError(options.code, 'cannot be read', { cause })
  })
  if (options.secret) await refuseReadableByOthers(path, options.code)
  const parsed = schema.safeParse(parseJson(text, options.code))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ConfigurationError(options.code, `${issue?.path.join('.')}: ${issue?.message}`)
}

/** @throws {ConfigurationError} Group or others have any right to the file. */
export async function refuseReadableByOthers(path: string, code: ErrorCode): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) throw new ConfigurationError(code, 'others may read it; set its mode to 600')
}

function parseJson(text: string, code: ErrorCode): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The parser's message quotes the text, which may hold a key; so it is not passed on.
    throw new ConfigurationError(code, `not JSON (${cause instanceof Error ? cause.name : 'unknown'})`)
  }
}
