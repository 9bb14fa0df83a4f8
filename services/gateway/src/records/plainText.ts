/** Signs that a text is written in a way in which a name could pass unseen: as markup, as another file, or encoded once more. */
const DISGUISES: readonly RegExp[] = [
  // What no text has: controls but tab, line feed, form feed and carriage return, what a lossy decoder leaves, private, unassigned and lone surrogate signs.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\ufffd]|[\p{Co}\p{Cn}\p{Cs}]/u,
  // What is not seen: soft hyphens, zero-width and direction signs, fillers, variation selectors.
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are what is looked for
  /\p{Cf}|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\ufe00-\ufe0f\uffa0]/u,
  // Letters of another alphabet that look alike.
  /\p{Script=Latin}\p{M}*[\p{Script=Cyrillic}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]|[\p{Script=Cyrillic}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]\p{M}*\p{Script=Latin}|[\u24b6-\u24e9]/u,
  // HTML, XML, CDA, a character written as an entity, emphasis within a word.
  /<[!?/]|<[a-z][^<>]{0,2000}>|\p{L}(?:\*{1,3}|__|~~|`)\p{L}/iu,
  /&(?:#\d{1,8}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/i,
  // PDF, PostScript, a vCard, an HL7 v2 message, an e-mail with its own encoding, an embedded file.
  /%PDF-|%!PS|BEGIN:V(?:CARD|CALENDAR)|^(?:MSH|PID|FHS|BHS)\|/im,
  /^content-(?:type|transfer-encoding):|=\?[\w-]{1,40}\?[bq]\?|^begin \d{3} |data:[\w/+.-]{1,80}[;,]/im,
  // Escapes of programs, RTF and TeX; of quoted-printable, URLs, UTF-7 and domain names.
  /\\\S/,
  /(?:=[89A-F][\dA-F]){2}|(?:=[2-7][\dA-F]){3}|[A-Za-z]=[C-F][\dA-F][a-z]|[^=\s]=\r?\n/,
  /(?:%[\dA-Fa-f]{2}){2}|(?:^|[\sA-Za-z])%[C-F][\dA-F]|\+A[A-Za-z\d/]{2,40}-|\bxn--/,
  // UTF-8 that was once read as Latin-1 or Windows-1252.
  /[\u00c2-\u00c5][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|[\u00c6-\u00df][\u0080-\u009f\u00a1-\u00bf]|\u00e2\u20ac/,
]

/** A run in which Base64 or hexadecimal could stand. */
const ENCODED_RUN = /[A-Za-z\d+/_-]{12,}={0,2}/g
/** Base64 of a packed or binary file, by its first bytes: gzip, zlib, bzip2, zip, PDF, PNG, JPEG, GIF, RTF. */
const PACKED_FILE = /(?<![A-Za-z\d+/])(?:H4sI|eJ[wxyz]|QlpoO|UEsDB|JVBERi|iVBORw|\/9j\/|R0lGOD|e1xydG)[A-Za-z\d+/]{8}/
/** Base32, and a word whose letters stand apart. */
const BASE32 = /(?<![A-Za-z\d])(?=[A-Z]{0,400}[2-7])[A-Z2-7]{16,400}={0,6}(?![A-Za-z\d])/
const LETTERS_APART =
  /(?<![\p{L}\p{N}])\p{L}\p{M}?(?:[ ._*-]\p{L}\p{M}?){4}(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])\p{L}\p{M}?(?:[ ._*-]\p{L}\p{M}?){5}/u
const HEX_PAIRS = /(?<![\da-z])[\da-f]{2}(?:[ :,-][\da-f]{2}){4,4000}(?![\da-z])/gi
const HEX_RUN = /^(?:[\da-fA-F]{2}){8,}$/
const READABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\s]+$/u

/**
 * Whether a text can be searched for names as it stands. Not when it is markup or a file of another kind, when characters are written as entities or escapes, when it
 * was decoded wrongly before, or when something in it is encoded once more.
 */
export function isPlainText(text: string): boolean {
  const composed = text.normalize('NFC')
  return !DISGUISES.some((pattern) => pattern.test(composed)) && !hasVariantLetters(composed) && !hidesEncoded(composed)
}

/**
 * The text of an attachment, when it really is plain text in UTF-8.
 * @param contentType - Must be `text/plain`, with no parameter but a `charset` of UTF-8 or US-ASCII.
 * @param data - Base64 as FHIR has it (RFC 4648, section 4).
 * @returns Undefined when it is anything else: then nobody can tell what names are in it.
 */
export function attachedText(contentType: unknown, data: unknown): string | undefined {
  if (typeof contentType !== 'string' || typeof data !== 'string') return undefined
  const declared = /^text\/plain(?:\s*;\s*charset\s*=\s*"?(utf-?8|us-ascii|ascii)"?)?\s*;?$/i.exec(contentType.trim())
  if (declared === null) return undefined
  const bytes = fromBase64(data.replace(/[ \t\r\n]/g, ''))
  if (bytes === undefined || (/ascii/i.test(declared[1] ?? '') && bytes.some((byte) => byte > 0x7f))) return undefined
  const text = fromUtf8(bytes)
  return text !== undefined && isPlainText(text) ? text : undefined
}

/** Whether a letter is a variant of another one (full width, mathematical, a ligature), which a search for a name does not find. */
function hasVariantLetters(text: string): boolean {
  return [...new Set(text)].some((sign) => sign >= '\u0100' && /\p{L}/u.test(sign) && sign.normalize('NFKC') !== sign)
}

/** Bytes of canonical Base64, undefined for anything else. */
function fromBase64(packed: string): Buffer | undefined {
  if (!/^[A-Za-z\d+/]*={0,2}$/.test(packed) || packed.length % 4 !== 0) return undefined
  const bytes = Buffer.from(packed, 'base64')
  return bytes.toString('base64') === packed ? bytes : undefined
}

function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (failure) {
    // Not UTF-8 is an answer, not a fault.
    if (failure instanceof TypeError) return undefined
    throw failure
  }
}

/** Whether the whole, or a run in it, is text in Base64 (also of the URL-safe kind) or in hexadecimal digits. */
function hidesEncoded(text: string): boolean {
  if (PACKED_FILE.test(text) || BASE32.test(text) || LETTERS_APART.test(text)) return true
  const unbroken = text.replace(/\s/g, '')
  const runs = [...(/^[A-Za-z\d+/_-]{6,}={0,2}$/.test(unbroken) ? [unbroken] : []), ...(text.match(ENCODED_RUN) ?? [])]
  return runs.some(isEncoded) || (text.match(HEX_PAIRS) ?? []).some(isHexText)
}

/** Pairs of hexadecimal digits that are a text; pairs of digits alone are a series of measurements. */
function isHexText(pairs: string): boolean {
  return /[a-f]/i.test(pairs) && isReadable(Buffer.from(pairs.replace(/[ :,-]/g, ''), 'hex'))
}

function isEncoded(run: string): boolean {
  if (HEX_RUN.test(run)) return isReadable(Buffer.from(run, 'hex'))
  // Base64 of a text has capitals and small letters in one run; long words have not.
  return /.[A-Z]/.test(run) && /[a-z]/.test(run) && isReadable(Buffer.from(run, 'base64'))
}

function isReadable(bytes: Uint8Array): boolean {
  return [fromUtf8(bytes), fromUtf16(bytes), fromLatin1(bytes)].some(
    (text) => text !== undefined && text.length >= 5 && READABLE.test(text),
  )
}

/** Any bytes are Latin-1; a text has mostly letters. */
function fromLatin1(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('latin1')
  return text.replace(/[^A-Za-z ]/g, '').length * 4 >= text.length * 3 ? text : undefined
}

/** UTF-16 of a Western text has a zero in every second byte. */
function fromUtf16(bytes: Uint8Array): string | undefined {
  const zeros = bytes.filter((byte) => byte === 0).length
  return zeros * 3 > bytes.length
    ? Buffer.from(bytes)
        .toString('utf16le')
        .replace(/^\ufeff/, '')
    : undefined
}
