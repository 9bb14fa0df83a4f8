import { type ErrorCode, isErrorCode } from '@medsync/protocol'

/** What Cairo contracts fail with when the words stand in quotes, and when only the felt is there. */
const QUOTED = /'([^'\\]{1,31})'/g
const FELT = /0x[0-9a-f]{2,62}\b/gi
const CONTRACT_TEXT = /^(Participants|Consent|Log|Pool|Packing|Upgrade): /

/**
 * Finds the first text of one of our contracts in a revert trace, however deep it stands and whether it is written out or a felt.
 * @example
 * contractErrorText("...0x436f6e73656e743a206e6f7420616374697665 ('Consent: not active')...") // 'Consent: not active'
 */
export function contractErrorText(trace: string): ErrorCode | undefined {
  return [...quotedTexts(trace), ...feltTexts(trace)].find((text): text is ErrorCode => CONTRACT_TEXT.test(text) && isErrorCode(text))
}

/** Any short texts in a trace, for failures of contracts that are not ours, e.g. `ERC20: insufficient balance`. */
export function foreignErrorText(trace: string): string | undefined {
  return [...quotedTexts(trace), ...feltTexts(trace)].find((text) => /^[\w ]+: /.test(text))
}

function quotedTexts(trace: string): string[] {
  return [...trace.matchAll(QUOTED)].map((match) => match[1] ?? '')
}

function feltTexts(trace: string): string[] {
  return [...trace.matchAll(FELT)].map(([hex]) => shortText(hex.slice(2))).filter((text) => text !== '')
}

function shortText(digits: string): string {
  const bytes = (digits.length % 2 === 1 ? `0${digits}` : digits).match(/../g) ?? []
  const text = bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join('')
  return /^[\x20-\x7e]+$/.test(text) ? text : ''
}
