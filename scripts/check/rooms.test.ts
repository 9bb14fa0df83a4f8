import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { inProject } from '../paths.ts'
import { writeFiles } from '../testing/writeFiles.ts'

const ALLOWED = [
  ['packages/chain/src', '@medsync/protocol'],
  ['packages/context/src', '@medsync/protocol'],
  ['packages/testing/src', '@medsync/chain'],
  ['services/gateway/src', '@medsync/chain'],
  ['services/gateway/src/http', '../keys/keyRing.ts'],
  ['web/src/portals/patient', '../../features/consents/useConsents.ts'],
  ['web/src/features/consents', '../../ui/Card.tsx'],
  ['scripts', '@medsync/testing'],
  ['test/chain', '@medsync/gateway'],
] as const

const REFUSED = [
  ['packages/protocol/src', '@medsync/chain', 'protocol stands alone: it imports no other room.'],
  ['packages/protocol/src', 'node:fs', 'protocol is pure: no I/O, and it also runs in the browser.'],
  ['packages/protocol/src', '../../chain/src/abis.ts', 'Reach another room by its package name, never by path.'],
  ['packages/chain/src', '@medsync/context', 'chain imports protocol only.'],
  ['packages/chain/src', 'node:crypto', 'This room also runs in the browser: no Node modules.'],
  ['packages/context/src', '@medsync/chain', 'context imports protocol only.'],
  ['services/gateway/src', '@medsync/testing', 'services import protocol, chain and context only.'],
  ['services/gateway/src', '../../../scripts/paths.ts', 'Reach another room by its package name, never by path.'],
  ['web/src/features', '@medsync/gateway', 'web imports protocol, chain and context only.'],
  ['web/src/features', '../portals/patient/Home.tsx', 'portals -> features -> ui: a feature never imports a portal.'],
  ['web/src/ui', '../features/consents/Card.tsx', 'portals -> features -> ui: ui imports neither features nor portals.'],
] as const

const reportSchema = z.object({
  diagnostics: z.array(z.object({ category: z.string(), message: z.unknown(), location: z.object({ path: z.string() }) })),
})

/** Files with one import each, linted together under the project's own rules; what is said of each, by its path. */
const said = new Map<string, string>()
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'medsync-rooms-'))
  const { vcs: _, $schema: __, ...rules } = z.looseObject({}).parse(JSON.parse(readFileSync(inProject('biome.json'), 'utf8')))
  const samples = [...ALLOWED, ...REFUSED].map(([room, imported]) => [
    fileOf(room, imported),
    `import { thing } from '${imported}'\n\nexport const kept = thing\n`,
  ])
  writeFiles(folder, { 'biome.json': JSON.stringify(rules), ...Object.fromEntries(samples) })
  const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none']
  const { stdout } = spawnSync(inProject('node_modules/.bin/biome'), args, { encoding: 'utf8', cwd: folder })
  for (const { message, location } of reportSchema.parse(JSON.parse(stdout)).diagnostics) said.set(location.path, JSON.stringify(message))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(room: string, imported: string): string {
  return `${room}/imports-${imported.replaceAll(/[^a-z]+/gi, '-')}.ts`
}

describe('rooms', () => {
  test.each(ALLOWED)('%s may import %s', (room, imported) => {
    expect(said.get(fileOf(room, imported))).toBeUndefined()
  })

  test.each(REFUSED)('error: %s may not import %s', (room, imported, reason) => {
    expect(said.get(fileOf(room, imported))).toContain(reason)
  })
})
