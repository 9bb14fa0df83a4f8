/**
 * The value that this part of all values does not exceed (nearest rank).
 * @example
 * quantile([4, 1, 3, 2], 0.5) // 2
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
}
