import type { Failure } from '../failure.ts'

/** How calimero-sdk begins when the arguments do not fit. */
const BAD_INPUT = /^Failed to deserialize input from JSON: (.*)$/s
const NO_INPUT = 'Expected input since method has arguments.'
const NO_STATE = 'Failed to find or read app state'
const STATE_ALREADY = 'Cannot initialize over already existing state.'

/**
 * What a panic of the app means. The SDK says by panics what are failures of the caller; their words are made anew from the parts
 * that cannot hold a value.
 */
export function panicFailure(words: string, place: string): Failure {
  const bad = BAD_INPUT.exec(words)?.[1]
  if (bad !== undefined) return { is: 'argument', reason: argumentReason(bad) }
  if (words === NO_INPUT) return { is: 'argument', reason: 'there are none' }
  if (words === NO_STATE) return { is: 'not-initialised' }
  if (words === STATE_ALREADY) return { is: 'already-initialised' }
  return { is: 'trap', place, words }
}

/** serde_json's reasons, without the values in them: what it met stands before the last "expected", what it wants behind. */
function argumentReason(serde: string): string {
  const field = /(missing|duplicate) field `(\w{1,64})`/.exec(serde)
  if (field !== null) return `${field[1]} field "${field[2]}"`
  if (serde.startsWith('method takes no')) return 'the method takes none'
  const known = /unknown field .*`, expected (?:one of )?((?:`\w+`(?:, | or )?)+)/s.exec(serde)?.[1]
  if (known !== undefined) return `unknown field, known are ${known.replaceAll('`', '"')}`
  const wrong = /invalid (type|value|length): (\w+(?: \w+)?)/.exec(serde)
  const wanted = /.*expected ([^`"]{1,80}?)(?:", line|, line|$)/s.exec(serde)?.[1]
  if (wrong !== null) return `invalid ${wrong[1]}: ${kindOnly(wrong[2])}${wanted === undefined ? '' : `, expected ${wanted}`}`
  return 'they cannot be read'
}

/** serde names the kind of what it met before it shows the value. */
function kindOnly(words = ''): string {
  return (
    /^(boolean|integer|floating point|character|string|byte array|unit|null|Option|newtype|sequence|map|enum|unit variant)/.exec(
      words,
    )?.[0] ?? 'value'
  )
}
