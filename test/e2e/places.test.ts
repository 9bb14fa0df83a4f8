import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest'
import { faultsOf } from './accessibility.ts'
import { goTo, goToPath, openPortals, type Portals } from './portals.ts'

let portals: Portals
let mercy: Page
let lakeside: Page
let hasFailed = false

beforeAll(async () => {
  portals = await openPortals()
  mercy = await portals.enter('hospital')
  lakeside = await portals.enter('hospital', 'Lakeside, records office')
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

test('a case waits and is ranked; two hospitals say where they are, and one of them who takes cases', async () => {
  await goTo(mercy, 'Upload')
  await mercy.getByRole('button', { name: 'Upload Luis Muller' }).click()
  await mercy.locator('[data-upload=kept]').waitFor()
  await goToPath(mercy, '/hospital/cases/new')
  await mercy.getByRole('radio', { name: /Muller/ }).click()
  await mercy.getByLabel('Specialty').selectOption({ label: 'Neurology' })
  await mercy.getByRole('button', { name: 'Add the case' }).click()
  await mercy.getByRole('heading', { name: 'Add vital signs' }).waitFor()
  await addFacility(mercy, 'Mercy main', '52.5251, 13.3765')
  await addFacility(lakeside, 'Lakeside house', '52.51, 13.6')
  await lakeside.getByRole('button', { name: 'Add a specialist' }).click()
  const dialog = lakeside.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await dialog.getByText('Give a name').waitFor()
  await dialog.getByLabel('Name').fill('Dr Nerve')
  await dialog.getByLabel('Specialty').selectOption({ label: 'Neurology' })
  // The first hours begin at the next full hour, which may be a second away.
  await dialog.getByRole('button', { name: 'Add hours' }).click()
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await lakeside.locator('[data-specialist]').waitFor()
  await goTo(mercy, 'Cases')
  await mercy.getByRole('button', { name: 'Rank with the other hospitals' }).click()
  await mercy.getByRole('button', { name: 'Start the ranking' }).click()
  await mercy.getByText('1 case of all hospitals').waitFor({ timeout: 60_000 })
})

test('nobody is moved who was not asked, and the board says why there is no place', async () => {
  await goTo(mercy, 'Places')
  await mercy.locator('[data-place=no-place]').waitFor({ timeout: 60_000 })
  expect(await mercy.locator('[data-board]').innerText()).toContain('the patient did not agree to be moved')
})

test('who agreed to be moved is offered a place, and it is accepted', async () => {
  await mercy.getByRole('button', { name: 'Change what the patient agreed to' }).click()
  const dialog = mercy.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: /agreed to be moved/ }).click()
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  const offer = mercy.locator('[data-place=offered]')
  await offer.waitFor({ timeout: 60_000 })
  expect(await offer.innerText()).toMatch(/Dr Nerve, Lakeside house \(Lakeside Clinic\), 15 km away/)
  await offer.getByText('Why this place').click()
  await offer.getByRole('button', { name: 'Accept the place' }).click()
  await mercy.locator('[data-place=accepted]').waitFor({ timeout: 60_000 })
})

test('the other hospital sees that somebody comes, by pseudonym alone', async () => {
  await goTo(lakeside, 'Places')
  const incoming = lakeside.locator('[data-incoming]')
  await incoming.waitFor({ timeout: 60_000 })
  expect(await incoming.innerText()).toMatch(/Dr Nerve\s+Case [0-9a-f]{6} of Mercy General Hospital, rank 1/)
  expect(await lakeside.locator('main').innerText()).not.toContain('Muller')
})

test('the pages of places pass axe in light and dark, and fit a window of 360 px', async () => {
  const faults: string[] = await faultsOf(mercy)
  await goToPath(lakeside, '/hospital/places/supply')
  await lakeside.locator('[data-specialist]').waitFor()
  faults.push(...(await faultsOf(lakeside)))
  expect(faults).toEqual([])
  expect(portals.complaints).toEqual([])
})

async function addFacility(page: Page, name: string, place: string): Promise<void> {
  await goToPath(page, '/hospital/places/supply')
  await page.getByLabel('Name of the facility').fill(name)
  await page.getByLabel('Latitude, longitude').fill(place)
  await page.getByRole('button', { name: 'Add the facility' }).click()
  await page.locator('[data-facility]').waitFor()
}
