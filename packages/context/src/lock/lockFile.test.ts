import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockFile } from './lockFile.ts'

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'medsync-lock-')), 'held')
const source = JSON.stringify(new URL('./lockFile.ts', import.meta.url).href)

test('a file is locked once, until the holder gives it back', () => {
  const path = newPath()
  const unlock = lockFile(path)
  expect(lockFile(path)).toBeUndefined()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  unlock?.()
  unlock?.()
  const again = lockFile(path)
  expect(again).toBeDefined()
  again?.()
  expect(existsSync(path)).toBe(true)
})

test('another process cannot take the lock while this one holds it', () => {
  const path = newPath()
  const unlock = lockFile(path)
  const script = `import { lockFile } from ${source}; process.stdout.write(String(lockFile(process.argv[1]) === undefined))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], { encoding: 'utf8' })
  expect(stdout).toBe('true')
  unlock?.()
})

test('a killed process holds nothing any more', async () => {
  const path = newPath()
  const script = `import { lockFile } from ${source}; lockFile(process.argv[1]); process.stdout.write('held'); setInterval(() => 0, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  expect(lockFile(path)).toBeUndefined()
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const unlock = lockFile(path)
  expect(unlock).toBeDefined()
  unlock?.()
})
