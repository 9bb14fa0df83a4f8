/**
 * A size in bytes as people read it.
 * @example
 * formatBytes(90_032) // '88 kB'
 */
export function formatBytes(sizeBytes: number, locale?: string): string {
  const number = (value: number): string => new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
  if (sizeBytes < 1024) return `${number(sizeBytes)} bytes`
  if (sizeBytes < 1024 ** 2) return `${number(sizeBytes / 1024)} kB`
  return `${number(sizeBytes / 1024 ** 2)} MB`
}
