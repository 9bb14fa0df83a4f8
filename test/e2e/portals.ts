import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { freePort } from '../../scripts/processes/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'

/** The three portals, and who plays in each. */
export const PLAYERS = { patient: 'Patient 1', research: 'Northgate, researcher', hospital: 'Mercy General, records office' } as const
export type Portal = keyof typeof PLAYERS

export type WindowOptions = { readonly widthPx?: number; readonly scheme?: 'light' | 'dark' }

/** The whole product, as `npm start` brings it up, with a real browser before it. */
export type Portals = {
  readonly stack: Stack
  readonly origin: string
  /** What a page complained about in any window: console errors, uncaught failures. A step that expects some takes them out. */
  readonly complaints: string[]
  /** A window of its own: own cookies, own storage, nobody signed in. */
  window(options?: WindowOptions): Promise<Page>
  /** A window with this account signed in by the development wallet. */
  enter(portal: Portal, label?: string, options?: WindowOptions): Promise<Page>
  close(): Promise<void>
}

/** Starts everything in a folder of its own on free ports, and a headless Chromium. */
export async function openPortals(): Promise<Portals> {
  const folder = mkdtempSync(join(tmpdir(), 'medsync-e2e-'))
  const [gatewayPort, devnetPort] = [await freePort(), await freePort()]
  const publicOrigin = `http://localhost:${gatewayPort}`
  const stack = await startStack({ folder: join(folder, 'state'), host: '127.0.0.1', gatewayPort, devnetPort, publicOrigin })
  const browser = await launch().catch(async (error: unknown) => {
    await stack.stop()
    throw error
  })
  const complaints: string[] = []
  const window = async (options: WindowOptions = {}): Promise<Page> =>
    listen(await contextOf(browser, options).then((it) => it.newPage()), complaints)
  return {
    stack,
    origin: stack.origin,
    complaints,
    window,
    enter: async (portal, label = PLAYERS[portal], options = {}) => {
      const page = await window(options)
      await signIn(page, stack.origin, portal, label)
      return page
    },
    close: async () => {
      await browser.close()
      await stack.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Signs in on a portal's own page, as a person would. */
export async function signIn(page: Page, origin: string, portal: Portal, label: string): Promise<void> {
  await page.goto(`${origin}/${portal}`)
  await page.getByRole('radio', { name: label }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('navigation', { name: /^Pages of the/ }).waitFor()
}

/** Goes to a page of the portal by its navigation; in a narrow window it may stand behind "More". */
export async function goTo(page: Page, name: string): Promise<void> {
  const navigation = page.getByRole('navigation', { name: /^Pages of the/ })
  const link = navigation.getByRole('link', { name })
  const more = navigation.getByRole('button', { name: 'More' })
  if (!(await link.isVisible()) && (await more.isVisible())) await more.click()
  await link.click()
}

/** Goes to any address of the app without loading it anew, as its own links do. */
export async function goToPath(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, path)
}

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
}

function contextOf(browser: Browser, { widthPx = 1280, scheme = 'light' }: WindowOptions): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: widthPx, height: 900 }, colorScheme: scheme, locale: 'en-GB', reducedMotion: 'reduce' })
}

function listen(page: Page, complaints: string[]): Page {
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  return page
}
