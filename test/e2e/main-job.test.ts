import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { appendEmergencyCalls, EventReader, execute, resolveDisputeCalls } from '@medsync/chain'
import { type Felt, felt } from '@medsync/protocol'
import { devnetRpc, localAccount } from '@medsync/testing'
import type { Page } from 'playwright-core'
import type { Account } from 'starknet'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest'
import { inProject } from '../../scripts/paths.ts'
import { overflowOf, violationsOf } from './accessibility.ts'
import { goTo, openPortals, type Portals } from './portals.ts'

const SAMPLE = 'Luis Muller'
const DAY_S = 86_400
const OTHER = inProject('test', 'data', 'synthea', 'mercy', 'Leonie332_Becker968.json.gz')

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

describe('the main job across the three portals', () => {
  let code = ''

  test('a hospital signs in and uploads records, a sample and files of its own; a bad file is refused with words', async () => {
    hospital = await portals.enter('hospital')
    await goTo(hospital, 'Upload')
    await hospital.getByRole('button', { name: `Upload ${SAMPLE}` }).click()
    await hospital.locator('[data-upload=kept]').waitFor()
    await hospital.getByLabel('Choose files').setInputFiles([
      { name: 'plain.json', mimeType: 'application/json', buffer: gunzipSync(readFileSync(OTHER)) },
      { name: 'list.json', mimeType: 'application/json', buffer: Buffer.from('[1, 2, 3]') },
    ])
    await hospital.locator('[data-upload=refused]').waitFor()
    await expect.poll(() => hospital.locator('[data-upload=kept]').count()).toBe(2)
    const refused = await hospital.locator('[data-upload=refused]').innerText()
    expect(refused).toContain('list.json')
    expect(refused).toContain('not a FHIR R4 Bundle')
    portals.complaints.splice(0) // the browser reports each refused upload as a failed request
  })

  test('it gives the patient a one-time code', async () => {
    await goTo(hospital, 'Records')
    await hospital.getByLabel('Search by name or birth date').fill('muller')
    await expect.poll(() => hospital.locator('[data-record]').count()).toBe(1)
    await hospital.getByRole('button', { name: /^Give a code to .*Muller/ }).click()
    code = (await hospital.locator('[data-enrolment-code]').innerText()).trim()
    expect(code.length).toBeGreaterThan(5)
    await hospital.getByRole('button', { name: 'Done' }).click()
  })

  test('the patient links the record; a wrong code and the same code again are refused with words', async () => {
    patient = await portals.enter('patient')
    await goTo(patient, 'Records')
    await patient.getByLabel('Code from your hospital').fill('AAAAA-AAAAA')
    await patient.getByRole('button', { name: 'Link my record' }).click()
    await patient.getByText('That code is not valid.').waitFor()
    await patient.getByLabel('Code from your hospital').fill(code)
    await patient.getByRole('button', { name: 'Link my record' }).click()
    await patient.getByText('now belongs to this account').waitFor()
    await patient.getByRole('rowheader', { name: 'Vital signs' }).waitFor()
    await expect.poll(() => hospital.getByText('Linked', { exact: true }).count(), { message: 'the hospital sees it live' }).toBe(1)
    portals.complaints.splice(0)
  })

  test('the patient reads a consent in plain words and grants it', async () => {
    await goTo(patient, 'Consents')
    await patient.getByRole('link', { name: 'Give a consent', exact: true }).click()
    await patient.getByRole('button', { name: 'Review before signing' }).click()
    await patient.getByText('Choose who may use your data.').waitFor()
    await patient.getByRole('radio', { name: 'Northgate Research' }).click()
    await patient.getByRole('checkbox', { name: /^Notes and documents/ }).click()
    await patient.getByText('Notes can mention anything').waitFor()
    await patient.getByRole('checkbox', { name: /^Notes and documents/ }).click()
    await expect.poll(() => patient.getByText('Notes can mention anything').count()).toBe(0)
    await patient.getByRole('button', { name: 'Review before signing' }).click()
    await patient.getByRole('heading', { name: 'Review your consent' }).waitFor()
    expect(await patient.locator('main').innerText()).toContain('Northgate Research may use my conditions, medications, vital signs')
    const sign = patient.getByRole('button', { name: 'Sign and grant' })
    await sign.dblclick()
    await patient.getByRole('button', { name: 'Sign with my wallet' }).click()
    await patient.locator('[data-standing=active]').waitFor()
    expect(await patient.locator('[data-consent]').count(), 'a double click grants once').toBe(1)
    await patient.getByText('was made with your own wallet').waitFor()
  })

  test('the researcher publishes a key, opens and funds a study', async () => {
    researcher = await portals.enter('research')
    await researcher.getByRole('link', { name: 'Publish the key' }).click()
    await researcher.getByRole('button', { name: 'Publish my key' }).click()
    await researcher.getByRole('button', { name: 'Sign with my wallet' }).click()
    await researcher.getByText('Published, and yours').waitFor()
    await goTo(researcher, 'Studies')
    await researcher.getByRole('link', { name: 'Open a study' }).first().click()
    await researcher.getByLabel('Title').fill('Weight and blood pressure')
    await researcher.getByLabel('Price of one access').fill('4')
    await researcher.getByLabel('Deposit').fill('10')
    await researcher.getByLabel('Bond').fill('1.5')
    await researcher.getByText('2 accesses').waitFor()
    await researcher.getByLabel('Smallest cohort').fill('3')
    await researcher.getByRole('button', { name: 'Sign, fund and open' }).click()
    await researcher.getByText('so no data would ever leave').first().waitFor()
    await researcher.getByLabel('Smallest cohort').fill('1')
    await researcher.getByRole('button', { name: 'Sign, fund and open' }).click()
    await researcher.locator('[data-study="1"]').waitFor()
    const card = await researcher.locator('[data-study="1"]').innerText()
    expect(card).toMatch(/10 STRK\s+available[\s\S]*0 STRK\s+held for 0 open requests[\s\S]*1\.5 STRK\s+bond/)
    expect(card).toContain('0 patients asked or answered')
  })

  test('the researcher requests access, the hospital answers, and the data opens in the browser', async () => {
    await chooseWhomToAsk(researcher)
    await researcher.getByRole('button', { name: 'Sign and request 1 access' }).click()
    await researcher.locator('[data-progress=settled]').waitFor({ timeout: 30_000 })
    await researcher.getByRole('link', { name: 'Open the data' }).click()
    await researcher.getByRole('button', { name: 'Fetch and open the data' }).click()
    await researcher.getByText('Sealed data checked and opened').waitFor()
    await researcher.locator('[data-release-table] tbody tr').first().waitFor()
    const [download] = await Promise.all([
      researcher.waitForEvent('download'),
      researcher.getByRole('button', { name: 'Download as JSON' }).click(),
    ])
    const text = readFileSync(await download.path(), 'utf8')
    const bundle = JSON.parse(text) as { resourceType: string; entry: { resource: { resourceType: string } }[] }
    expect(bundle.resourceType).toBe('Bundle')
    expect(bundle.entry.length).toBeGreaterThan(5)
    expect(bundle.entry.map(({ resource }) => resource.resourceType)).not.toContain('Claim')
    expect(text).not.toContain('Muller')
  })

  test('the patient sees the access without asking, with its proof, and collects the reward', async () => {
    await goTo(patient, 'Accesses')
    await patient.locator('[data-access=access]').waitFor()
    const entry = await patient.locator('[data-access=access]').innerText()
    expect(entry).toContain('Northgate Research received data')
    expect(entry).toContain('3 STRK')
    await patient.getByText('Complete: 1 entry matches the chain').waitFor()
    await goTo(patient, 'Rewards')
    await patient.getByRole('button', { name: 'Collect 3 STRK' }).click()
    await patient.getByText('Done, confirmed in block').first().waitFor()
    await patient.getByRole('button', { name: 'Nothing to collect yet' }).waitFor()
    await patient.getByText(/^block \d+/).waitFor()
  })

  test('another browser shows the same consents, proven with the same wallet', async () => {
    const elsewhere = await portals.enter('patient')
    await goTo(elsewhere, 'Consents')
    await elsewhere.locator('[data-standing=active]').waitFor()
    await elsewhere.getByRole('button', { name: 'Check with my wallet as well' }).click()
    await elsewhere.getByRole('button', { name: 'Sign with my wallet' }).click()
    await elsewhere.getByText('was made with your own wallet').waitFor()
    await goTo(patient, 'Consents')
    const own = patient.locator('[data-consent]')
    expect(await elsewhere.locator('[data-consent]').getAttribute('data-consent')).toBe(await own.getAttribute('data-consent'))
    await elsewhere.context().close()
  })

  test('a reload keeps the patient signed in; the patient revokes, and the researcher no longer sees the consent', async () => {
    const lateResearcher = await portals.enter('research')
    await chooseWhomToAsk(lateResearcher)
    // This page does not hear of the revocation: it will ask all the same.
    await lateResearcher.route('**/api/research/consents*', (route) => route.abort())
    await goTo(researcher, 'Consents')
    await researcher.getByRole('checkbox', { name: /at Mercy General Hospital/ }).waitFor()
    await patient.reload()
    await goTo(patient, 'Consents')
    await patient.getByRole('button', { name: 'Revoke' }).click()
    await patient.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await patient.locator('[data-standing=revoked]').waitFor()
    await researcher.getByText('No patient has given your office a consent yet').waitFor()
    await researcher.context().close()
    researcher = lateResearcher
  })

  test('the next request is refused, and the price goes back', async () => {
    await researcher.getByRole('button', { name: 'Sign and request 1 access' }).click()
    await researcher.locator('[data-progress=refused]').waitFor({ timeout: 30_000 })
    expect(await researcher.locator('[data-progress=refused]').innerText()).toContain('The consent had been revoked.')
    await goTo(researcher, 'Studies')
    await expect.poll(() => researcher.locator('[data-study="1"]').innerText()).toMatch(/6 STRK\s+available[\s\S]*0 STRK\s+held/)
    await goTo(patient, 'Accesses')
    await patient.locator('[data-access=refusal]').waitFor()
    expect(await patient.locator('[data-access=refusal]').innerText()).toContain('The consent had been revoked.')
    await patient.getByText('Complete: 2 entries match the chain').waitFor()
  })

  test('the patient sees an emergency as it happens, with the reason that the hospital gave', async () => {
    const mercy = accountOf('Gateway of Mercy General')
    const calls = appendEmergencyCalls(portals.stack.deployment, {
      patient: felt(accountOf('Patient 1').address),
      reason: 'BTG',
      digest: felt(7),
    })
    await execute(mercy, calls)
    await patient.locator('[data-access=emergency]').waitFor()
    const card = await patient.locator('[data-access=emergency]').innerText()
    expect(card).toContain('Mercy General Hospital used your data in an emergency')
    expect(card).toContain('An emergency in which nobody can be asked (BTG)')
    await patient.getByText('Complete: 3 entries match the chain').waitFor()
  })

  test('the patient disputes the paid access in words of their own, and sees what the arbiter decides', async () => {
    const entry = patient.locator('[data-access=access]')
    await entry.getByRole('button', { name: 'Dispute' }).click()
    const dialog = patient.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Sign and dispute' }).click()
    await dialog.getByText('Say it in three letters at least.').waitFor()
    await dialog.getByLabel('What was wrong?').fill('I was never asked.')
    await dialog.getByRole('button', { name: 'Sign and dispute' }).click()
    await entry.locator('[data-dispute=open]').waitFor()
    expect(await entry.innerText()).toContain('I was never asked.')
    await entry.getByRole('button', { name: 'Dispute' }).waitFor({ state: 'detached' })
    await goTo(researcher, 'Studies')
    await expect.poll(() => researcher.locator('[data-study="1"]').innerText()).toContain('1 open, 0 upheld')
    const { deployment } = portals.stack
    const events = new EventReader(deployment)
    const opened: Felt[] = []
    for await (const batch of events.read(events.start())) {
      if (batch.kind === 'events') opened.push(...batch.events.flatMap((event) => (event.type === 'DisputeOpened' ? [event.entryId] : [])))
    }
    const [entryId] = opened
    if (entryId === undefined) throw new TypeError('nothing is disputed')
    const disputer = felt(accountOf('Patient 1').address)
    await execute(accountOf('Governance'), resolveDisputeCalls(deployment, { patient: disputer, entryId, isUpheld: true }))
    await entry.locator('[data-dispute=upheld]').waitFor()
    await patient.getByText('Complete: 3 entries match the chain').waitFor()
  })

  test('what was released may no longer be fetched', async () => {
    await goTo(researcher, 'Requests')
    await researcher.getByRole('link', { name: 'Open the data' }).click()
    await researcher.getByRole('button', { name: 'Fetch and open the data' }).click()
    await researcher.getByRole('button', { name: 'Sign with my wallet' }).click()
    await researcher.getByText('The data is no longer there').waitFor()
    portals.complaints.splice(0) // the request that was kept back on purpose, and the answer 410
  })

  test('the hospital sees both answers in its journal and collects its share', async () => {
    await goTo(hospital, 'Requests')
    await hospital.locator('[data-journal=access]').waitFor()
    await hospital.locator('[data-journal=refusal]').waitFor()
    await goTo(hospital, 'Rewards')
    await hospital.getByRole('button', { name: 'Collect 0.8 STRK' }).click()
    await hospital.getByRole('button', { name: 'Nothing to collect yet' }).waitFor()
  })

  test('a transaction is read from the chain by anyone, with what it did', async () => {
    const href = await patient
      .locator('[data-access=refusal]')
      .getByRole('link', { name: /^transaction/ })
      .first()
      .getAttribute('href')
    const anyone = await portals.window()
    await anyone.goto(`${portals.origin}${href}`)
    await anyone.locator('[data-event=RequestRefused]').waitFor()
    await anyone.locator('[data-event=EntryAppended]').waitFor()
    await anyone.context().close()
  })

  test('asking again, from the list of requests, is refused as well', async () => {
    await goTo(researcher, 'Requests')
    await researcher.locator('[data-progress=settled]').getByRole('button', { name: 'Ask again' }).click()
    await expect.poll(() => researcher.locator('[data-progress=refused]').count(), { timeout: 30_000 }).toBe(2)
  })

  test('the pages full of content pass axe and fit a window of 360 px, too', async () => {
    const visits: [Page, string[]][] = [
      [patient, ['Records', 'Consents', 'Accesses', 'Rewards']],
      [researcher, ['Studies', 'Requests']],
      [hospital, ['Upload', 'Records', 'Requests']],
    ]
    const faults: string[] = []
    for (const [page, names] of visits) {
      await page.setViewportSize({ width: 360, height: 740 })
      for (const name of names) {
        await goTo(page, name)
        await page.locator('main li, main tbody tr').first().waitFor()
        faults.push(...(await violationsOf(page)), await overflowOf(page))
      }
    }
    expect(faults.filter((fault) => fault !== '')).toEqual([])
  })

  test('a study whose time is over is closed, with what comes back said before, and its funder collects', async () => {
    const { deployment } = portals.stack
    await devnetRpc(deployment.rpcUrl, 'devnet_increaseTime', { time: 300 * DAY_S })
    const later = await portals.enter('research')
    await later.clock.setFixedTime(Date.now() + 300 * DAY_S * 1_000)
    await goTo(later, 'Studies')
    await later.locator('[data-study="1"]').getByRole('button', { name: 'Close the study' }).click()
    const dialog = later.getByRole('dialog')
    expect(await dialog.innerText()).toMatch(
      /Rest\s+6 STRK\s+Bond\s+1\.5 STRK to the harmed patient\s+Rebate\s+0 STRK\s+To the funder\s+6 STRK/,
    )
    await dialog.getByRole('button', { name: 'Close it' }).click()
    await later.locator('[data-study="1"]').getByText('Closed', { exact: true }).waitFor()
    await later.getByRole('button', { name: 'Collect 6 STRK', exact: true }).click()
    await later.getByRole('button', { name: 'Collect 6 STRK', exact: true }).waitFor({ state: 'detached' })
    await later.context().close()
    // The patient was harmed, and gets the bond.
    await patient.reload()
    await goTo(patient, 'Accesses')
    await patient.getByRole('button', { name: 'Get 1.5 STRK of the bond' }).click()
    await patient.locator('[data-compensation=credited]').waitFor()
    await goTo(patient, 'Rewards')
    await patient.getByRole('button', { name: 'Collect 1.5 STRK' }).waitFor()
  })

  test('no page complained, and no token or key was left in the storage of a browser', async () => {
    expect(portals.complaints).toEqual([])
    for (const page of [patient, researcher, hospital]) {
      const stored = await page.evaluate(() => ({ ...localStorage, ...sessionStorage }))
      expect(stored).toEqual({ 'medsync-wallet': 'development', 'medsync-was-signed-in': 'yes' })
    }
  })
})

/** An account of the local network that no portal has. */
function accountOf(label: string): Account {
  const { deployment, accounts } = portals.stack
  return localAccount(deployment.rpcUrl, accounts, label)
}

async function chooseWhomToAsk(page: Page): Promise<void> {
  await goTo(page, 'Consents')
  await page.getByRole('checkbox', { name: /at Mercy General Hospital/ }).click()
  await page.getByRole('button', { name: 'Sign and request 1 access' }).waitFor()
}
