import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { inlineSources } from './inlineSources.ts'

const CONTRACT = (name: string) => `#[starknet::contract]\npub mod ${name} {\n    const BRACE: felt252 = '}';\n}\n`

function crate(files: Record<string, string>): string {
  return writeFiles(temporaryFolder(), files)
}

describe('inlineSources', () => {
  test('puts the files that mod lines name in their place, folders by module', () => {
    const root = crate({
      'lib.cairo': 'pub mod interfaces;\npub mod pool;\n',
      'interfaces.cairo': 'pub mod pool;\n',
      'interfaces/pool.cairo': 'pub trait IPool {}\n',
      'pool.cairo': 'use crate::interfaces::pool::IPool;\n',
    })
    expect(inlineSources(root).source).toBe(
      'pub mod interfaces{pub mod pool{pub trait IPool {}}}\npub mod pool{use crate::interfaces::pool::IPool;}',
    )
  })

  test('follows files named inside a module that is written in place', () => {
    const root = crate({ 'lib.cairo': 'mod a { pub mod b; }', 'a/b.cairo': 'const X: u8 = 1;' })
    expect(inlineSources(root).source).toBe('mod a { pub mod b{const X: u8 = 1;} }')
  })

  test('keeps the one contract asked for, and names all of them with their place', () => {
    const root = crate({ 'lib.cairo': 'mod one;\nmod two;\n', 'one.cairo': CONTRACT('One'), 'two.cairo': CONTRACT('Two') })
    const { source, contracts } = inlineSources(root, 'Two')
    expect(contracts).toEqual([
      { name: 'One', path: 'one::One' },
      { name: 'Two', path: 'two::Two' },
    ])
    expect(source).not.toContain('One')
    expect(source).toContain('pub mod Two {')
  })

  test('leaves out what only tests compile', () => {
    const root = crate({ 'lib.cairo': 'mod a;\n#[cfg(test)]\nmod tests;\n', 'a.cairo': '' })
    expect(inlineSources(root).source).not.toContain('tests')
  })

  test('a better comment, or a mod line inside one, changes nothing', () => {
    const plain = crate({ 'lib.cairo': 'mod a;\n', 'a.cairo': "const X: felt252 = '// no comment';\n" })
    const told = crate({
      'lib.cairo': '//! The crate.\nmod a; // mod b;\n',
      'a.cairo': "/// What it is.\nconst X: felt252 = '// no comment'; // mod c;\n",
    })
    expect(inlineSources(told).source).toBe(inlineSources(plain).source)
    expect(inlineSources(plain).source).toContain("'// no comment'")
  })

  test('error: a module without its file is named', () => {
    const root = crate({ 'lib.cairo': 'mod missing;\n' })
    expect(() => inlineSources(root)).toThrowError(expect.objectContaining({ code: 'cairo/module-missing' }))
  })

  test('error: a module that never ends is named', () => {
    const root = crate({ 'lib.cairo': 'mod open {\n' })
    expect(() => inlineSources(root)).toThrowError(/Module open in .* has no closing brace\. Add the missing `}`\./)
  })
})
