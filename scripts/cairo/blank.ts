/** Which parts of a Cairo source to blank. */
export interface BlankOptions {
  comments: boolean
  strings: boolean
}

const PARTS = /\/\/[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\\n])*'/g

/**
 * Puts spaces in place of comments or string literals, so that what is left can be searched for structure.
 * Every other character keeps its place; lines stay lines.
 * @example
 * blank("assert(x, 'mod a;'); // mod b;", { comments: true, strings: true }) // "assert(x,         );          "
 */
export function blank(source: string, { comments, strings }: BlankOptions): string {
  return source.replace(PARTS, (part) => ((part.startsWith('//') ? comments : strings) ? part.replace(/[^\n]/g, ' ') : part))
}
