import type { CallOptions, ContextEngine } from '../engine/contextEngine.ts'
import { AnswerError } from '../engine/engineErrors.ts'
import { type AppAnswers, type AppArguments, appAnswers } from '../generated/appMethods.ts'

/** A method of the private context's app. */
export type AppMethod = keyof AppArguments

/**
 * Calls a method of the private context's app: arguments and answer are those of its ABI, and the answer was parsed.
 * @throws {AnswerError} The installed app is another one.
 * @throws {EngineError} As the engine's `call`; `appFailureOf` reads what the app says of a refusal.
 * @example
 * const { entries } = await callApp(engine, 'mercy', 'catalogue_of', { patient: '0x1' })
 */
export async function callApp<M extends AppMethod>(
  engine: Pick<ContextEngine, 'call'>,
  member: string,
  method: M,
  args: AppArguments[M],
  options?: CallOptions,
): Promise<AppAnswers[M]> {
  const answer = appAnswers[method].safeParse(await engine.call(member, method, args, options))
  if (answer.success) return answer.data
  throw new AnswerError(method, answer.error.issues[0]?.path.join('.') ?? '')
}

/** Whether the app has a method of this name for callers. `init` is none: an engine runs it once. */
export function isAppMethod(name: string): name is AppMethod {
  return Object.hasOwn(appAnswers, name)
}
