/**
 * What the Rust source says of a method, up to its list of errors, as the lines of a JSDoc comment.
 * @param source - The text of the file that holds the methods.
 */
export function methodDocs(source: string, method: string): string[] {
  const lines = source.split('\n')
  const at = lines.findIndex((line) => line.trimStart().startsWith(`pub fn ${method}(`))
  const first = lines.slice(0, at).findLastIndex((line) => !/^\s*(\/\/\/|#\[)/.test(line)) + 1
  const docs = lines.slice(first, Math.max(at, 0)).flatMap((line) => /^\s*\/\/\/ ?(.*)$/.exec(line)?.[1] ?? [])
  const sections = docs.findIndex((line) => line.startsWith('#'))
  const text = (sections === -1 ? docs : docs.slice(0, sections)).join('\n').trim()
  return text === '' ? [] : text.split('\n')
}
