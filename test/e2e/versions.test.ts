import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf } from './accessibility.ts'
import { goTo, goToPath, openPortals, type Portals } from './portals.ts'

let portals: Portals
let staff: Page

beforeAll(async () => {
  portals = await openPortals()
  staff = await portals.enter('hospital')
}, 180_000)
afterAll(async () => {
  await portals?.close()
}, 30_000)

type Named = { readonly family: string; readonly given: string; readonly birthDate: string }
const anna: Named = { family: 'Abelsen', given: 'Anna', birthDate: '1980-02-03' }
const bob: Named = { family: 'Bakke', given: 'Bob', birthDate: '1944-11-30' }

/** A file of one patient with this record number; without a system when there is none. */
function fileOf({ family, given, birthDate }: Named, value: string, system?: string) {
  const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }
  const identifier = [{ type, value, ...(system === undefined ? {} : { system }) }]
  const patient = { resourceType: 'Patient', id: 'p', identifier, name: [{ use: 'official', family, given: [given] }], birthDate }
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'urn:uuid:p', resource: patient }] }
  return { name: `${given}-${value}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(bundle)) }
}

async function upload(file: ReturnType<typeof fileOf>, becomes: string): Promise<Locator> {
  await goTo(staff, 'Upload')
  await staff.locator('input[type=file]').setInputFiles(file)
  const row = staff.locator(`[data-upload=${becomes}]`).first()
  await row.waitFor()
  return row
}

/** Whether everything is within a window of this width. */
async function fitsIn(page: Page, widthPx: number): Promise<boolean> {
  await page.setViewportSize({ width: widthPx, height: 900 })
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
}

const SYSTEM = 'http://mrn.example'

test('a file with another patient’s number is stored only after staff compared both, and the earlier version comes back', async () => {
  await (await upload(fileOf(anna, 'e2e-1', SYSTEM), 'kept')).getByText('Kept').waitFor()
  const asked = await upload(fileOf(bob, 'e2e-1', SYSTEM), 'differs')
  await asked.getByText('Not stored yet: the record has another name and birth date').waitFor()
  await asked.getByRole('row', { name: /Name.*Anna Abelsen.*Bob Bakke/ }).waitFor()
  await asked.getByRole('row', { name: /Birth date.*1980-02-03.*1944-11-30/ }).waitFor()
  expect(await faultsOf(staff)).toEqual([])
  expect([await fitsIn(staff, 360), await fitsIn(staff, 1_280)]).toEqual([true, true])
  await asked.getByRole('button', { name: 'Different person' }).click()
  await staff.locator('[data-upload=refused]').getByText('Correct the identifier in the source system').waitFor()

  const again = await upload(fileOf(bob, 'e2e-1', SYSTEM), 'differs')
  await again.getByRole('button', { name: 'Same person, store it' }).click()
  const stored = staff.locator('[data-upload=kept]').filter({ hasText: 'stored as version 2' })
  await stored.getByRole('link', { name: 'See the record’s versions' }).click()
  await staff.getByRole('heading', { name: 'Versions of Bob Bakke’s record' }).waitFor()
  await staff
    .locator('[data-version="2"]')
    .getByText('who confirmed that it is the same person although the name and birth date differed')
    .waitFor()
  expect(await faultsOf(staff)).toEqual([])
  expect([await fitsIn(staff, 360), await fitsIn(staff, 1_280)]).toEqual([true, true])

  await staff.getByRole('button', { name: 'Restore version 1' }).click()
  const dialog = staff.getByRole('dialog')
  await dialog.getByLabel('Why is the current version wrong?').selectOption('It is another patient’s record')
  await dialog.getByRole('button', { name: 'Restore it' }).click()
  await staff.locator('[data-version="3"]').getByText('Restored from version 1').waitFor()
  await staff.getByRole('heading', { name: 'Versions of Anna Abelsen’s record' }).waitFor()
})

test('a patient without an identifier that identifies gets a record, with a warning', async () => {
  const row = await upload(fileOf({ ...anna, given: 'Agnes' }, 'e2e-2'), 'kept')
  await row.getByText('Later uploads of this patient will not find this record').waitFor()
})

test('the patient reads that the hospital went back to an earlier version', async () => {
  await goToPath(staff, '/hospital/records')
  await staff.getByRole('button', { name: 'Give a code to Anna Abelsen' }).last().waitFor()
  const row = staff.locator('[data-record]').filter({ hasText: 'Anna Abelsen' }).last()
  await row.getByRole('button', { name: 'Give a code to Anna Abelsen' }).click()
  const code = (await staff.locator('[data-enrolment-code]').textContent()) ?? ''
  await staff.getByRole('button', { name: 'Done' }).click()
  const patient = await portals.enter('patient', 'Patient 6')
  await goToPath(patient, '/patient/records')
  await patient.getByRole('textbox').fill(code.trim())
  await patient.getByRole('button', { name: /Link/ }).click()
  await patient.getByText('when it went back to an earlier version of this record').waitFor()
  expect(portals.complaints.filter((complaint) => !complaint.includes('409'))).toEqual([])
})

test('the uploader reads what of the file was not stored, and what is stored and never leaves, each with its number', async () => {
  const file = fileOf({ ...anna, given: 'Astrid' }, 'e2e-3', SYSTEM)
  const { entry } = JSON.parse(file.buffer.toString()) as { entry: { fullUrl: string; resource: object }[] }
  const pulse = (id: string, more: object): object => {
    const code = { coding: [{ system: 'http://loinc.org', code: '8867-4' }] }
    const subject = { reference: 'urn:uuid:p' }
    const resource = { resourceType: 'Observation', id, status: 'final', code, subject, effectiveDateTime: '2026-03-01', ...more }
    return { fullUrl: `urn:uuid:${id}`, resource }
  }
  const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }
  const more = [
    pulse('foreign', { subject: { reference: 'http://elsewhere.example/fhir/Patient/p' } }),
    pulse('error', { status: 'entered-in-error' }),
    pulse('secret', { meta: { security: [label] } }),
  ]
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: [...entry, ...more] }
  const row = await upload({ ...file, buffer: Buffer.from(JSON.stringify(bundle)) }, 'kept')
  const words = await row.locator('[data-withheld]').innerText()
  expect(words).toContain('Not stored: about another patient (1) and entered in error (1).')
  expect(words).toContain('Stored, but never released: with a security label that forbids it or is not known (1).')
  expect(await fitsIn(staff, 360)).toBe(true)
  await fitsIn(staff, 1_280)
})
