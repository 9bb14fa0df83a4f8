import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest'
import { faultsOf } from './accessibility.ts'
import { tenPeople } from './people.ts'
import { goTo, goToPath, openPortals, type Portals } from './portals.ts'

const HOSPITALS = ['Mercy General, records office', 'St. Clare, records office', 'Lakeside, records office'] as const

let portals: Portals
let hospital: Page
let patient: Page
let researcher: Page
let hasFailed = false

beforeAll(async () => {
  portals = await openPortals()
}, 180_000)
afterAll(async () => {
  await portals?.close()
}, 30_000)
beforeEach((context) => {
  if (hasFailed) context.skip('an earlier step failed')
  onTestFailed(() => {
    hasFailed = true
  })
})

test('three hospitals have people, and one of them has linked a record to an account', async () => {
  for (const [index, label] of HOSPITALS.entries()) {
    const page = await portals.enter('hospital', label)
    await goTo(page, 'Upload')
    await page.getByLabel('Choose files').setInputFiles(tenPeople(index))
    await expect.poll(() => page.locator('[data-upload=kept]').count(), { timeout: 60_000 }).toBe(10)
    if (index === 0) hospital = page
    else await page.context().close()
  }
  await goTo(hospital, 'Records')
  await hospital.getByRole('button', { name: 'Give a code to Number 4 Tester' }).click()
  const code = (await hospital.locator('[data-enrolment-code]').innerText()).trim()
  await hospital.getByRole('button', { name: 'Done' }).click()
  patient = await portals.enter('patient')
  await goTo(patient, 'Invitations')
  await patient.getByText('No invitation yet').waitFor()
  await goTo(patient, 'Records')
  await patient.getByLabel('Code from your hospital').fill(code)
  await patient.getByRole('button', { name: 'Link my record' }).click()
  await patient.getByText('now belongs to this account').waitFor()
})

test('a research office opens a study, and says whom it looks for, read back in words', async () => {
  researcher = await portals.enter('research')
  await researcher.getByRole('link', { name: 'Publish the key' }).click()
  await researcher.getByRole('button', { name: 'Publish my key' }).click()
  await researcher.getByRole('button', { name: 'Sign with my wallet' }).click()
  await researcher.getByText('Published, and yours').waitFor()
  await goToPath(researcher, '/research/studies/new')
  await researcher.getByLabel('Title').fill('Pulse at rest')
  await researcher.getByRole('button', { name: 'Sign, fund and open' }).click()
  await researcher.locator('[data-study="1"]').waitFor()
  await goTo(researcher, 'Trials')
  await researcher.getByRole('link', { name: 'Say whom it looks for' }).click()
  await researcher.getByRole('button', { name: 'Add: observation' }).click()
  const observation = researcher.locator('[data-criterion=observation]')
  await observation.getByLabel('Observation').selectOption({ label: 'Heart rate' })
  await researcher.getByRole('button', { name: 'Keep the criteria' }).click()
  await researcher.getByText('Give a lowest or a highest value.').first().waitFor()
  await observation.getByLabel('To, a minute').fill('84')
  await researcher.getByText('Needed: newest Heart rate (8867-4) at most 84 /min, in the last 2 years').waitFor()
  await researcher.getByRole('button', { name: 'Keep the criteria' }).click()
  await researcher.getByText('Kept.').waitFor()
})

test('hospitals count in shares, and the office learns the number of all together', async () => {
  await researcher.getByRole('button', { name: 'Ask the hospitals to count' }).click()
  await researcher.locator('[data-count=counted]').waitFor({ timeout: 60_000 })
  // Pulses of 60 to 84.
  await researcher.getByText('25 people meet them').waitFor()
})

test('the hospital sees who fits and why, and invites the one who has an account', async () => {
  await goTo(hospital, 'Trials')
  await hospital.locator('[data-match=met]').first().waitFor()
  expect(await hospital.locator('[data-totals]').innerText()).toBe('10 records fit, 0 do not.')
  const row = hospital.locator('[data-match]', { hasText: 'Number 4 Tester' })
  await row.getByText('Criterion by criterion').click()
  await row.getByText(/64/).first().waitFor()
  await row.getByRole('checkbox').click()
  expect(await hospital.getByRole('checkbox', { name: 'Invite Number 5 Tester' }).isDisabled(), 'nobody without an account').toBe(true)
  await hospital.getByRole('button', { name: 'Invite 1 patient' }).click()
  await hospital.getByText('1 patient was invited.').waitFor()
  await row.getByText('Invited').waitFor()
})

test('the patient may say no: the hospital sees it, the study does not, and it can be taken back', async () => {
  await goTo(patient, 'Home')
  await patient.getByText('You are invited to 1 study').waitFor()
  await patient.getByRole('link', { name: 'Look at the invitations' }).click()
  const card = patient.locator('[data-invitation]')
  await card.waitFor()
  expect(await card.innerText()).toMatch(/Pulse at rest[\s\S]*Northgate Research[\s\S]*Mercy General Hospital/)
  const faults = await faultsOf(patient)
  await card.getByRole('button', { name: 'Decline' }).click()
  const dialog = patient.getByRole('dialog', { name: 'Decline the invitation?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await card.getAttribute('data-invitation')).toBe('open')
  await card.getByRole('button', { name: 'Decline' }).click()
  await dialog.getByRole('button', { name: 'Decline' }).click()
  await patient.locator('[data-invitation=declined]').waitFor()
  const row = hospital.locator('[data-match]', { hasText: 'Number 4 Tester' })
  await row.getByText('Said no').waitFor()
  expect(await row.getByRole('checkbox').isDisabled(), 'nobody is asked twice').toBe(true)
  await goTo(researcher, 'Consents')
  expect(await researcher.getByRole('checkbox', { name: /at Mercy General Hospital/ }).count()).toBe(0)
  faults.push(...(await faultsOf(patient)))
  expect(faults).toEqual([])
  await card.getByRole('link', { name: 'Look at the consent after all' }).click()
  await patient.getByRole('button', { name: 'Review before signing' }).waitFor()
})

test('the patient signs the consent that it needs, and all sides see it', async () => {
  await patient.getByRole('button', { name: 'Review before signing' }).click()
  await patient.getByRole('heading', { name: 'Review your consent' }).waitFor()
  await patient.getByRole('button', { name: 'Sign and grant' }).click()
  await patient.getByRole('button', { name: 'Sign with my wallet' }).click()
  await patient.locator('[data-invitation=accepted]').waitFor({ timeout: 30_000 })
  await goTo(researcher, 'Consents')
  await researcher.getByRole('checkbox', { name: /at Mercy General Hospital/ }).waitFor()
  await hospital.locator('[data-match]', { hasText: 'Number 4 Tester' }).getByText('Said yes').waitFor()
})

test('the pages of trials pass axe in light and dark, and fit a window of 360 px', async () => {
  const faults: string[] = await faultsOf(hospital)
  await goToPath(researcher, '/research/trials')
  await researcher.locator('[data-trial]').waitFor()
  faults.push(...(await faultsOf(researcher)))
  await goToPath(researcher, '/research/trials/1')
  await researcher.locator('[data-criterion=observation]').waitFor()
  for (const kind of ['condition', 'medication', 'sex']) await researcher.getByRole('button', { name: `Add: ${kind}` }).click()
  faults.push(...(await faultsOf(researcher)))
  expect(faults).toEqual([])
  expect(portals.complaints).toEqual([])
})
