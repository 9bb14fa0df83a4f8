import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { findLibclang } from './ensureLibclang.ts'

function rootWith(folder: string, file: string): string {
  const root = temporaryFolder()
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, folder, file), '')
  return root
}

describe('findLibclang', () => {
  test('takes the folder that was named', () => {
    expect(findLibclang('/my/clang')).toBe('/my/clang')
  })

  test.each([
    ['usr/lib/llvm-14/lib', 'libclang-14.so.1'],
    ['usr/lib/x86_64-linux-gnu', 'libclang.so'],
  ])('finds Debian’s in %s', (folder, file) => {
    const root = rootWith(folder, file)
    expect(findLibclang('', root)).toBe(join(root, folder))
  })

  test('passes over the library for C++, which is another', () => {
    expect(findLibclang('', rootWith('usr/lib/llvm-14/lib', 'libclang-cpp.so.14'))).toBeUndefined()
  })
})
