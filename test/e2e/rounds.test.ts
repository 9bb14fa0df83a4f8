import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest'
import { faultsOf } from './accessibility.ts'
import { tenPeople } from './people.ts'
import { goTo, goToPath, openPortals, type Portals } from './portals.ts'

const HOSPITALS = ['Mercy General, records office', 'St. Clare, records office', 'Lakeside, records office'] as const

let portals: Portals
/** One window for each hospital, in the order of `HOSPITALS`. */
const windows: Page[] = []
let hasFailed = false

beforeAll(async () => {
  portals = await openPortals()
  for (const hospital of HOSPITALS) windows.push(await portals.enter('hospital', hospital))
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

const first = (): Page => {
  const [window] = windows
  if (window === undefined) throw new TypeError('no window is open')
  return window
}

test('each hospital uploads people of its own, and one has cases that wait', async () => {
  for (const [index, page] of windows.entries()) {
    await goTo(page, 'Upload')
    await page.getByLabel('Choose files').setInputFiles(tenPeople(index))
    await expect.poll(() => page.locator('[data-upload=kept]').count(), { timeout: 60_000 }).toBe(10)
  }
  for (const [page, pulse] of [
    [windows[0], '135'],
    [windows[1], '95'],
  ] as const) {
    if (page === undefined) continue
    await goTo(page, 'Cases')
    await page.getByRole('link', { name: 'Add a case' }).first().click()
    await page.getByRole('radio').first().click()
    await page.getByRole('button', { name: 'Add the case' }).click()
    await page.getByLabel('Pulse', { exact: true }).fill(pulse)
    await page.getByRole('button', { name: 'Add and score again' }).click()
    await page.getByText('Added 1 vital sign').waitFor()
  }
})

test('a statistic is asked for after it is said what everybody will learn; all hospitals see the same answer', async () => {
  const page = first()
  await goTo(page, 'Together')
  await page.getByText('No round yet').waitFor()
  await page.getByRole('link', { name: 'Ask for a statistic' }).first().click()
  await page.getByLabel('Field').selectOption({ label: 'Heart rate (a minute)' })
  await page.getByRole('radio', { name: /^Histogram/ }).click()
  await page.getByRole('heading', { name: 'What everybody will learn' }).waitFor()
  await page.getByText('Histogram of heart rate in a minute').waitFor()
  await page.getByLabel('Width of a bin').fill('7')
  await page.getByRole('button', { name: 'Ask all hospitals' }).click()
  await page.getByText('must be whole bins').first().waitFor()
  await page.getByLabel('Width of a bin').fill('30')
  await page.getByRole('button', { name: 'Ask all hospitals' }).click()
  await page.locator('[data-round-state=closed]').waitFor({ timeout: 60_000 })
  expect(await cellsOf(page)).toEqual(['withheld', 'withheld', '0', '0'])
  await page.locator('[data-confirmed=true]').waitFor()
  expect(await page.locator('[data-standing=done]').count(), 'three hospitals in eight steps').toBe(24)
})

test('a mean is opened exactly, and another hospital reads the same', async () => {
  const page = first()
  await goTo(page, 'Together')
  await page.getByRole('link', { name: 'Ask for a statistic' }).first().click()
  await page.getByLabel('Field').selectOption({ label: 'Heart rate (a minute)' })
  await page.getByRole('radio', { name: /^Mean/ }).click()
  await page.getByRole('button', { name: 'Ask all hospitals' }).click()
  await page.locator('[data-answer=mean]').waitFor({ timeout: 60_000 })
  // Pulses of 60 to 89, one a person.
  expect(await page.locator('[data-answer=mean] [data-value]').getAttribute('data-value')).toBe('74.5')
  expect(await page.locator('[data-answer=mean]').innerText()).toContain('Of 30 people')
  const other = windows[2] ?? page
  await goTo(other, 'Together')
  await other.getByRole('link', { name: 'Mean of heart rate in a minute' }).click()
  await other.locator('[data-answer=mean] [data-value="74.5"]').waitFor()
})

test('a question that would tell of few people is withheld or refused with words', async () => {
  const page = first()
  await goTo(page, 'Together')
  await page.getByRole('link', { name: 'Ask for a statistic' }).first().click()
  await page.getByLabel('Field').selectOption({ label: 'Heart rate (a minute)' })
  await page.getByRole('radio', { name: /^Mean/ }).click()
  await page.getByRole('checkbox', { name: '20-29' }).click()
  await page.getByText('Mean of heart rate in a minute, aged 20-29').waitFor()
  await page.getByRole('button', { name: 'Ask all hospitals' }).click()
  await page.getByText('The answer is withheld').waitFor({ timeout: 60_000 })
})

test('a question with noise says before what it costs; its answer says how far off it may be', async () => {
  const page = first()
  await goTo(page, 'Together')
  await page.getByRole('link', { name: 'Ask for a statistic' }).first().click()
  await page.getByLabel('Field').selectOption({ label: 'Heart rate (a minute)' })
  await page.getByRole('radio', { name: /^Histogram/ }).click()
  await page.getByRole('radio', { name: /^With noise/ }).click()
  await page.getByRole('radio', { name: '2, weakest protection' }).click()
  await page.getByText('Typically within ±2 people in each bin').waitFor()
  await page.getByText('8 left after it').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Ask all hospitals' }).click()
  await page.locator('[data-noise="2000"]').waitFor({ timeout: 60_000 })
  await page.getByText('People, ±2').waitFor()
  expect(await cellsOf(page), 'nothing is withheld').toHaveLength(12)
  const other = windows[1] ?? page
  await goTo(other, 'Together')
  await other.locator('[data-spent="2000"]').waitFor()
})

test('the cases of all hospitals are ranked, and each sees where its own stand', async () => {
  const page = first()
  await goTo(page, 'Cases')
  await page.getByText('Not ranked yet').waitFor()
  await page.getByRole('button', { name: 'Rank with the other hospitals' }).click()
  await page.getByRole('dialog').getByText('Nobody learns another’s scores').waitFor()
  await page.getByRole('button', { name: 'Start the ranking' }).click()
  await page.getByText('2 cases of all hospitals were put in order').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: 'See your cases' }).click()
  await page.locator('[data-rank="1"]').waitFor()
  expect(await page.locator('[data-rank="1"]').innerText()).toBe('1st of 2')
  const other = windows[1] ?? page
  await goTo(other, 'Cases')
  await other.locator('[data-rank="2"]').waitFor()
})

test('the next ranking changes the boards by themselves, and says who has moved', async () => {
  const [page, other] = [first(), windows[1] ?? first()]
  await other.locator('[data-case] a').first().click()
  for (const [label, value] of [
    ['Pulse', '140'],
    ['Breaths a minute', '30'],
    ['Systolic blood pressure', '80'],
  ] as const)
    await other.getByLabel(label, { exact: true }).fill(value)
  await other.getByRole('button', { name: 'Add and score again' }).click()
  await other.getByText('Added 3 vital signs').waitFor()
  await goTo(other, 'Cases')
  await other.getByText('Score changed since').waitFor()
  expect(await other.locator('[data-ranking]').innerText()).toMatch(
    /^Ranked .* with .*Mercy General Hospital.*: 2 cases in all\. Since then the score of 1 case has changed: rank again/,
  )
  await goTo(page, 'Cases')
  await page.getByRole('button', { name: 'Rank with the other hospitals' }).click()
  await page.getByRole('button', { name: 'Start the ranking' }).click()
  await other.locator('[data-moved=up]').waitFor({ timeout: 60_000 })
  expect(await other.locator('[data-rank="1"]').innerText()).toMatch(/^1st of 2\s+Up 1/)
  await other.getByText(/^Ranked again at .*: 2 cases of all hospitals/).waitFor({ state: 'attached' })
  await goTo(page, 'Cases')
  await page.locator('[data-rank="2"] [data-moved=down]').waitFor()
  const faults = await faultsOf(other)
  expect(faults).toEqual([])
})

test('the pages of rounds pass axe in light and dark, and fit a window of 360 px', async () => {
  const page = first()
  await goTo(page, 'Together')
  await expect.poll(() => page.locator('[data-round]').count()).toBe(6)
  const addresses = await page.locator('[data-round] a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  const faults: string[] = []
  for (const address of ['/hospital/rounds', '/hospital/rounds/new', ...addresses]) {
    await goToPath(page, address)
    await page.locator('[data-round], [data-standing], form').first().waitFor()
    faults.push(...(await faultsOf(page)))
  }
  expect(faults).toEqual([])
  expect(portals.complaints).toEqual([])
})

async function cellsOf(page: Page): Promise<(string | null)[]> {
  return await page.locator('[data-bar]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-value')))
}
