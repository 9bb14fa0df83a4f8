/** A count with its noun, e.g. `1 record`, `3 records`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${new Intl.NumberFormat().format(count)} ${count === 1 ? one : many}`
}
