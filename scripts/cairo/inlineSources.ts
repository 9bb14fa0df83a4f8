import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { blank } from './blank.ts'

/** A module marked `#[starknet::contract]`. */
export interface ContractModule {
  name: string
  /** Where it stands in the crate: `participants::Participants`. */
  path: string
}

/** One source text that stands for a whole crate. */
export interface InlinedSources {
  /** What the compiler gets: comments removed, so that a better comment never changes a class hash. */
  source: string
  /** Every contract module seen, in the order of the files, kept or left out. */
  contracts: ContractModule[]
}

const MODULE = /((?:#\[[^\]]*\]\s*)*)(pub(?:\([^)]*\))?\s+)?\bmod\s+([A-Za-z_]\w*)\s*([;{])/g

/**
 * Puts the files that `mod x;` names in place of those lines, from `lib.cairo` down, because the compiler takes one text.
 * @param root - Folder of `lib.cairo`.
 * @param contract - The one contract module to keep; other contracts are left out, and so is what only tests compile.
 * @throws {ChoreError} `cairo/module-missing` when a named file is not there, `cairo/braces` when a module never ends.
 */
export function inlineSources(root: string, contract?: string): InlinedSources {
  const contracts: ContractModule[] = []
  const entry = join(root, 'lib.cairo')
  const source = inline(read(entry, 'lib'), root, entry, [])
  return { source, contracts }

  function inline(text: string, folder: string, file: string, parents: readonly string[]): string {
    const structure = blank(text, { comments: true, strings: true })
    const parts: string[] = []
    let done = 0
    for (const match of structure.matchAll(MODULE)) {
      if (match.index < done) continue
      const [whole, attributes = '', , name = '', end] = match
      const after = match.index + whole.length
      const close = end === '{' ? closingBrace(structure, after, file, name) : after
      parts.push(text.slice(done, match.index))
      done = end === '{' ? close + 1 : close
      const isContract = attributes.includes('starknet::contract')
      if (isContract) contracts.push({ name, path: [...parents, name].join('::') })
      if (attributes.includes('cfg(test)') || (isContract && name !== contract)) continue
      const path = join(folder, `${name}.cairo`)
      const [bodyText, bodyFile] = end === '{' ? [text.slice(after, close), file] : [read(path, name), path]
      const body = inline(bodyText, join(folder, name), bodyFile, [...parents, name])
      parts.push(text.slice(match.index, after - 1), '{', body, '}')
    }
    parts.push(text.slice(done))
    return parts.join('')
  }
}

function read(path: string, name: string): string {
  if (existsSync(path)) return tidy(readFileSync(path, 'utf8'))
  throw new ChoreError('cairo/module-missing', `Module ${name} has no file ${path}.`, 'Add the file, or take its `mod` line out.')
}

function tidy(text: string): string {
  const lines = blank(text, { comments: true, strings: false }).split('\n')
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
}

function closingBrace(structure: string, from: number, file: string, name: string): number {
  let depth = 1
  for (let at = from; at < structure.length; at++) {
    if (structure[at] === '{') depth++
    if (structure[at] === '}') depth--
    if (depth === 0) return at
  }
  throw new ChoreError('cairo/braces', `Module ${name} in ${file} has no closing brace.`, 'Add the missing `}`.')
}
