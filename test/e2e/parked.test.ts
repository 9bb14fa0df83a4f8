import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requestsSchema } from '@medsync/protocol'
import { startDevnet } from '@medsync/testing'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../scripts/demo/person.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { ask, ended, enrol, grant, openStudy, publishKey, until } from '../gateway/access-play.ts'
import { AccessStage, LABELS, markedBundle } from '../gateway/access-stage.ts'
import { faultsOf } from './accessibility.ts'
import { goTo, signIn } from './portals.ts'

let folder: string
let stage: AccessStage
let browser: Browser
let page: Page
let northgate: Person
const digests: Awaited<ReturnType<typeof ask>>['digest'][] = []

/** A hospital that was asked twice for a record of which one part can no longer be read. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-parked-'))
  const accountsFile = join(folder, 'accounts.json')
  await writeFile(accountsFile, '[]')
  const port = await freePort()
  // A browser signs in where it is: "localhost" is a secure context.
  const origin = `http://localhost:${port}`
  const more = { DEVELOPMENT_ACCOUNTS_FILE: accountsFile, WEB_DIST: process.env['WEB_DIST'] ?? '' }
  stage = await AccessStage.raise(() => startDevnet(), { ...more, GATEWAY_PORT: String(port), PUBLIC_ORIGIN: origin })
  const { address } = stage.accounts.find(({ label }) => label === LABELS.mercy) ?? stage.accounts[0] ?? { address: '0x0' }
  await writeFile(accountsFile, JSON.stringify([{ address, label: LABELS.mercy, portal: 'hospital' }]))
  await stage.stopGateway()
  await stage.startGateway()
  const mercy = await stage.signedIn(LABELS.mercy)
  const bob = await stage.signedIn(LABELS.bob)
  northgate = await stage.signedIn(LABELS.northgate)
  const record = await enrol(mercy, bob, markedBundle('ZqBob'))
  await publishKey(northgate)
  const study = await openStudy(northgate)
  await stage.caughtUp()
  await stage.gateway.database.inTenant('mercy', (tx) =>
    tx.run(`UPDATE record_parts SET sealed = $2 WHERE record = $1 AND part = 'vitals'`, [record, new Uint8Array(64)]),
  )
  const { commitment } = await grant(bob)
  for (let count = 0; count < 2; count++) digests.push((await ask(northgate, { study, patient: bob, commitment })).digest)
  await until(
    () => mercy.ask('GET', '/hospital/requests', requestsSchema),
    ({ items }) => items.length === 2 && items.every(({ parked }) => parked !== null),
  )
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  page = await browser
    .newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' })
    .then((context) => context.newPage())
  page.setDefaultTimeout(20_000)
  await signIn(page, origin, 'hospital', LABELS.mercy)
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await stage?.stop()
  await rm(folder, { recursive: true, force: true })
}, 30_000)

test('the hospital’s home says that requests wait for its staff, and leads there', async () => {
  await page.getByText('2 requests need you').waitFor()
  await page.getByRole('link', { name: 'Look at what could not be answered' }).click()
  await page.getByRole('heading', { name: 'Requests and journal' }).waitFor()
})

test('each stands at the top with its reason, what to do, and until when', async () => {
  const [first] = await page.locator('[data-parked]').all()
  expect(await page.locator('[data-parked]').count()).toBe(2)
  const words = (await first?.innerText()) ?? ''
  expect(words).toContain('the gateway could not answer it')
  expect(words).toContain('3 failed tries')
  expect(words).toMatch(/If nobody decides, it expires on \d/)
  expect(words).not.toContain('ZqBob')
  expect(await faultsOf(page)).toEqual([])
})

test('nothing of it is cut off in a narrow window', async () => {
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.locator('[data-parked] button', { hasText: 'Refuse' }).first().scrollIntoViewIfNeeded()
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('staff have one tried again: it is parked anew while its record cannot be read', async () => {
  const before = await page.locator('[data-parked]').first().innerText()
  const id = await page.locator('[data-parked]').first().getAttribute('data-parked')
  await page.locator(`[data-parked="${id}"]`).getByRole('button', { name: 'Try again' }).click()
  await page.locator(`[data-parked="${id}"]`).waitFor({ state: 'detached' })
  await page.locator(`[data-parked="${id}"]`).waitFor()
  expect(before).toContain(`Request ${id}`)
})

test('staff refuse one after they were told what that does, and it leaves the list', async () => {
  const id = await page.locator('[data-parked]').last().getAttribute('data-parked')
  await page.locator(`[data-parked="${id}"]`).getByRole('button', { name: 'Refuse' }).click()
  await page.getByText('cannot be taken back').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Refuse the request' }).click()
  await page.locator(`[data-parked="${id}"]`).waitFor({ state: 'detached' })
  await page.locator('[data-progress=refused]').waitFor()
  const views = await Promise.all(
    digests.map((digest) =>
      northgate.ask('GET', '/research/requests', requestsSchema).then(({ items }) => items.find((view) => view.digest === digest)),
    ),
  )
  const refused = views.find((view) => String(view?.request) === id)
  if (refused === undefined) throw new RangeError('there is no such request')
  expect(await ended(northgate, refused.digest)).toMatchObject({ progress: 'refused', reason: 'request/refused-by-staff' })
  await goTo(page, 'Home')
  await page.getByText('1 request needs you').waitFor()
})
