/** Digits of a token amount as people read them. */
export type TokenUnit = { readonly symbol: string; readonly decimals: number }

/**
 * Writes an amount of a token without losing a digit that matters: at most `places` after the point, rounded down so that nobody is shown
 * more than there is.
 * @param amount - Smallest unit of the token.
 * @param locale - BCP 47; the reader's own when left out.
 * @example
 * formatAmount(1_234_500_000_000_000_000n, { symbol: 'STRK', decimals: 18 }, { locale: 'en' }) // '1.2345 STRK'
 */
export function formatAmount(
  amount: bigint,
  unit: TokenUnit,
  options: { readonly places?: number; readonly locale?: string } = {},
): string {
  return `${formatDigits(amount, unit.decimals, options)} ${unit.symbol}`
}

/** As `formatAmount`, without the symbol. */
export function formatDigits(
  amount: bigint,
  decimals: number,
  { places = 6, locale }: { readonly places?: number; readonly locale?: string } = {},
): string {
  const shown = Math.min(places, decimals)
  const inShownUnits = amount / 10n ** BigInt(decimals - shown)
  if (inShownUnits === 0n && amount > 0n) return `< ${new Intl.NumberFormat(locale, { maximumFractionDigits: shown }).format(10 ** -shown)}`
  const digits = inShownUnits.toString().padStart(shown + 1, '0')
  const exact = shown === 0 ? digits : `${digits.slice(0, -shown)}.${digits.slice(-shown)}`
  // A decimal string keeps every digit: Intl.NumberFormat reads it exactly, where a number would round.
  return new Intl.NumberFormat(locale, { maximumFractionDigits: shown }).format(exact as Intl.StringNumericLiteral)
}

/**
 * Reads what a person typed as an amount of a token; undefined when it is none, or has more decimals than the token.
 * @example
 * parseAmount('2.5', 18) // 2500000000000000000n
 */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const match = /^(\d{0,30})(?:[.,](\d*))?$/.exec(text.trim())
  const [, whole = '', fraction = ''] = match ?? []
  if (match === null || `${whole}${fraction}` === '' || fraction.length > decimals) return undefined
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`)
}
