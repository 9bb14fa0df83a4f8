import { casesSchema } from '@medsync/protocol'
import { localOrganisations } from '@medsync/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedCases } from '../../scripts/stack/seedCases.ts'
import { AccessStage, LABELS } from './access-stage.ts'

let stage: AccessStage
beforeAll(async () => {
  stage = await AccessStage.raise()
})
afterAll(() => stage?.stop())

test('npm start’s made-up people wait at each hospital, from well to very ill, and come once', async () => {
  const { origin, deployment, accounts } = stage
  const seeded = { origin, deployment, accounts, organisations: localOrganisations }
  expect(await seedCases(seeded)).toBe(21)
  for (const label of [LABELS.mercy, LABELS.stclare]) {
    const { items } = await (await stage.signedIn(label)).ask('GET', '/hospital/cases', casesSchema)
    const scores = items.map(({ score }) => score)
    expect(scores).toHaveLength(7)
    expect(scores[0]).toBeGreaterThan(70)
    expect(Math.min(...scores)).toBeLessThan(10)
    expect(items.filter(({ missing }) => missing.length > 0).map(({ outOfScope }) => outOfScope)).toContain('under-16')
    expect(items.filter(({ outOfScope, missing }) => outOfScope === null && missing.length > 0)).toHaveLength(1)
  }
  expect(await seedCases(seeded)).toBe(0)
})
