import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf } from './accessibility.ts'
import { injectWallet } from './injectWallet.ts'
import { goTo, goToPath, openPortals, type Portal, type Portals, signIn } from './portals.ts'

let portals: Portals

beforeAll(async () => {
  portals = await openPortals()
}, 180_000)
afterAll(async () => {
  await portals?.close()
}, 30_000)

async function ownWallet(label: string) {
  const page = await portals.window()
  const account = portals.stack.accounts.find((each) => each.label === label)
  if (account === undefined) throw new TypeError(`no account is called ${label}`)
  const { rpcUrl, chainId } = portals.stack.deployment
  return { page, wallet: await injectWallet(page, { rpcUrl, chainId, address: account.address, privateKey: account.privateKey }) }
}

test('a wallet of one’s own signs in, grants a consent and survives a reload', async () => {
  const { page, wallet } = await ownWallet('Patient 2')
  await page.goto(`${portals.origin}/patient`)
  await page.getByRole('button', { name: 'Sign in with Test Wallet' }).click()
  await grantTo(page, 'Harbour Institute')
  await page.reload()
  await page.locator('[data-standing=active]').waitFor()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.locator('[data-standing=revoked]').waitFor()
  expect(wallet.calls.filter((type) => type === 'wallet_addInvokeTransaction')).toHaveLength(2)
  await page.context().close()
})

test('error: a wallet on another network is told so, and nothing is signed', async () => {
  const { page, wallet } = await ownWallet('Patient 3')
  wallet.chainId = '0x534e5f4d41494e'
  await page.goto(`${portals.origin}/patient`)
  await page.getByRole('button', { name: 'Sign in with Test Wallet' }).click()
  await page.getByText('Your wallet is on another network.').waitFor()
  expect(wallet.calls).not.toContain('wallet_signTypedData')
  await page.context().close()
})

test('error: declining in the wallet says that nothing changed, and it can be tried again', async () => {
  const { page, wallet } = await ownWallet('Patient 4')
  wallet.agrees = false
  await page.goto(`${portals.origin}/patient`)
  await page.getByRole('button', { name: 'Sign in with Test Wallet' }).click()
  await page.getByText('You declined in the wallet.').waitFor()
  wallet.agrees = true
  await page.getByRole('button', { name: 'Sign in with Test Wallet' }).click()
  await page.getByRole('navigation', { name: /^Pages of the/ }).waitFor()
  await page.context().close()
})

test('the portal of another role explains itself; signing out forgets the account', async () => {
  const page = await portals.enter('research', 'Harbour, researcher')
  await page.goto(`${portals.origin}/hospital`)
  await page.getByText('You are signed in with an account of another kind').waitFor()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Try it with a development account' }).waitFor()
  await signIn(page, portals.origin, 'hospital', 'Lakeside, records office')
  await page.context().close()
})

test('a keyboard is enough: skip link, navigation, focus on the new page’s heading', async () => {
  const page = await portals.enter('patient', 'Patient 5')
  await page.reload()
  await page.locator('[data-page-heading]').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
  await page.getByRole('link', { name: 'Rewards', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Your rewards')
  expect(await page.title()).toBe('Your rewards · MedSync')
  await page.context().close()
})

/** Every page with its heading, by whom it is looked at. */
const PAGES: readonly (readonly [Portal, string, readonly (readonly [string, string])[]])[] = [
  [
    'patient',
    'Patient 2',
    [
      ['/patient', 'Welcome'],
      ['/patient/records', 'Your records'],
      ['/patient/consents', 'Your consents'],
      ['/patient/consents/new', 'Give a consent'],
      ['/patient/accesses', 'Who asked for your data'],
      ['/patient/invitations', 'Invitations'],
      ['/patient/rewards', 'Your rewards'],
      ['/patient/nowhere', 'There is no such page'],
    ],
  ],
  [
    'research',
    'Harbour, researcher',
    [
      ['/research', 'Harbour Institute'],
      ['/research/studies', 'Studies'],
      ['/research/studies/new', 'Open a study'],
      ['/research/trials', 'Trials'],
      ['/research/consents', 'Consents to your office'],
      ['/research/requests', 'Requests'],
      ['/research/key', 'Your key'],
    ],
  ],
  [
    'hospital',
    'St. Clare, records office',
    [
      ['/hospital', 'St. Clare Hospital'],
      ['/hospital/cases', 'Cases'],
      ['/hospital/cases/new', 'Add a case'],
      ['/hospital/rounds', 'Together'],
      ['/hospital/rounds/new', 'Ask for a statistic'],
      ['/hospital/places', 'Places'],
      ['/hospital/places/supply', 'Facilities and specialists'],
      ['/hospital/trials', 'Trials'],
      ['/hospital/upload', 'Upload records'],
      ['/hospital/records', 'Records'],
      ['/hospital/requests', 'Requests and journal'],
      ['/hospital/circle', 'The hospitals’ circle'],
      ['/hospital/rewards', 'Rewards of the hospital'],
    ],
  ],
]

test('every page passes axe in light and dark, and fits a window of 360 px', { timeout: 240_000 }, async () => {
  const frontDoor = async (): Promise<string[]> => {
    const page = await portals.window()
    await page.goto(portals.origin)
    return [...(await faultsAt(page, '/', 'Your health data')), ...(await faultsAt(page, '/nowhere', 'There is no such page'))]
  }
  const insideOf = async ([portal, label, pages]: (typeof PAGES)[number]): Promise<string[]> => {
    const page = await portals.window()
    await page.goto(`${portals.origin}/${portal}`)
    const faults = await faultsAt(page, `/${portal}`)
    await signIn(page, portals.origin, portal, label)
    for (const [path, heading] of pages) faults.push(...(await faultsAt(page, path, heading)))
    return faults
  }
  expect((await Promise.all([frontDoor(), ...PAGES.map(insideOf)])).flat()).toEqual([])
})

test('error: when the chain is down every portal says so', async () => {
  const page = await portals.enter('patient', 'Patient 6')
  await page.getByText('Live', { exact: true }).waitFor()
  await portals.stack.chain.process.kill()
  await page.getByText('The chain cannot be reached right now').waitFor({ timeout: 30_000 })
  await page.context().close()
})

async function faultsAt(page: Page, path: string, heading?: string): Promise<string[]> {
  await goToPath(page, path)
  await page.getByRole('heading', { level: 1, ...(heading === undefined ? {} : { name: heading }) }).waitFor()
  // The stream of live events never ends, so "network idle" never comes: a page is there when nothing says "Loading" any more.
  await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
  return await faultsOf(page)
}

async function grantTo(page: Page, name: string): Promise<void> {
  await goTo(page, 'Consents')
  await page.getByRole('link', { name: 'Give a consent', exact: true }).click()
  await page.getByRole('radio', { name }).click()
  await page.getByRole('button', { name: 'Review before signing' }).click()
  await page.getByRole('button', { name: 'Sign and grant' }).click()
  await page.getByRole('button', { name: 'Sign with my wallet' }).click()
  await page.locator('[data-standing=active]').waitFor()
}
