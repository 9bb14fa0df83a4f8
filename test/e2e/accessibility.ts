import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

type AxeViolation = {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}
type Axe = { run(scope: Document, options: unknown): Promise<{ violations: AxeViolation[] }> }

/** Rules that depend on colours and sizes, for a page that was checked whole in another scheme. */
const LOOKS = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable']

/** What axe-core finds wrong with the page as it stands, by the rules of WCAG 2.2 AA or the ones named; one line for each rule. */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  const runOnly = rules === undefined ? { type: 'tag', values: TAGS } : { type: 'rule', values: rules }
  // Injected once a document: the portals are one, so it stays while their pages change.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await source)
  const violations = await page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: Axe }
    return (await axe.run(document, { runOnly: only, resultTypes: ['violations'] })).violations
  }, runOnly)
  return violations.map(
    ({ id, impact, nodes }) =>
      `${new URL(page.url()).pathname} ${id} (${impact}): ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}

/** How far a page is wider than its window, in pixels, with what sticks out; empty when nothing does. */
export async function overflowOf(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const root = document.documentElement
    const excess = root.scrollWidth - root.clientWidth
    if (excess <= 0) return ''
    const wide = [...document.querySelectorAll('main *')].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    return `${location.pathname}: ${excess} px, ${wide.slice(0, 3).map(({ outerHTML }) => outerHTML.slice(0, 120))}`
  })
}

/** All that is wrong with the page as it stands: by axe in light and wide, by axe's rules of looks in dark and narrow, and what sticks out of 360 px. */
export async function faultsOf(page: Page): Promise<string[]> {
  const light = await violationsOf(page)
  await lookAt(page, 'dark', 360)
  const dark = (await violationsOf(page, LOOKS)).map((fault) => `dark, narrow: ${fault}`)
  const overflow = await overflowOf(page)
  await lookAt(page, 'light', 1280)
  return [...light, ...dark, ...(overflow === '' ? [] : [overflow])]
}

async function lookAt(page: Page, colorScheme: 'light' | 'dark', width: number): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize({ width, height: 800 })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
  await page.waitForTimeout(250) // colours fade over
}
