import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { findOrphans, findStale, removeOrphans, writeGenerated } from './writeGenerated.ts'

const FILES = [
  { path: 'out/a.ts', text: 'a\n' },
  { path: 'out/b.ts', text: 'b\n' },
]

test('writes only what differs, and says which', async () => {
  const root = writeFiles(temporaryFolder(), { 'out/a.ts': 'a\n', 'out/b.ts': 'old\n' })
  expect(findStale(FILES, root)).toEqual(['out/b.ts'])
  expect(await writeGenerated(FILES, root)).toEqual(['out/b.ts'])
  expect(readFileSync(join(root, 'out/b.ts'), 'utf8')).toBe('b\n')
  expect(findStale(FILES, root)).toEqual([])
})

test('one byte more is a difference', () => {
  expect(findStale(FILES, writeFiles(temporaryFolder(), { 'out/a.ts': 'a\n\n', 'out/b.ts': 'b\n' }))).toEqual(['out/a.ts'])
})

test('what no generator makes any more is found and taken away', async () => {
  const root = writeFiles(temporaryFolder(), { 'out/a.ts': 'a\n', 'out/gone.ts': '' })
  expect(await findOrphans(FILES, 'out', root)).toEqual(['out/gone.ts'])
  await removeOrphans(FILES, 'out', root)
  expect(await findOrphans(FILES, 'out', root)).toEqual([])
})
