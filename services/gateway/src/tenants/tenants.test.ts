import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { slugToOrganisationId } from '@medsync/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readTenants } from './tenants.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-tenants-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const mercy = { organisation: slugToOrganisationId('mercy'), slug: 'mercy', role: 'hospital', name: 'Mercy' }

async function read(content: unknown, mode = 0o600): ReturnType<typeof readTenants> {
  const path = join(folder, 'tenants.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  await chmod(path, mode)
  return readTenants(path)
}

describe('the tenants file', () => {
  test('gives the organisations that are served here', async () => {
    const north = { organisation: slugToOrganisationId('north'), slug: 'north', role: 'research', name: 'North' }
    const tenants = await read([{ ...mercy, operator: { address: '0x00AB', privateKey: '0x01' } }, north])
    expect(tenants.hospitals.map(({ slug }) => slug)).toEqual(['mercy'])
    expect(tenants.of(mercy.organisation).operator?.address).toBe('0xab')
    expect(tenants.find(slugToOrganisationId('other'))).toBeUndefined()
    expect(() => tenants.of(slugToOrganisationId('other'))).toThrow(expect.objectContaining({ code: 'input/not-found' }))
  })

  test.each([
    ['readable by others', [mercy], 0o644],
    ['a slug that is not the organisation', [{ ...mercy, slug: 'stclare' }], 0o600],
    ['a slug that could be SQL', [{ ...mercy, slug: 'a"; DROP' }], 0o600],
    ['one organisation twice', [mercy, mercy], 0o600],
    ['nobody', [], 0o600],
    ['not JSON', '{ SECRET', 0o600],
  ])('error: %s', async (_name, content, mode) => {
    const failure: unknown = await read(content, mode).catch((caught: unknown) => caught)
    expect(failure).toMatchObject({ code: 'config/tenants' })
    expect(String(failure)).not.toContain('SECRET')
  })
})
