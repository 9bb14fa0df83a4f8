import { gzipSync } from 'node:zlib'
import { caseSummarySchema, casesSchema, hospitalRecordsSchema, uploadSchema } from '@medsync/protocol'
import { Account, RpcProvider } from 'starknet'
import { Person } from '../demo/person.ts'
import { type SamplePerson, samplePeople } from './samplePeople.ts'
import type { Stack } from './startStack.ts'

/** What seeding needs of a running product. */
export type Seeded = Pick<Stack, 'origin' | 'deployment' | 'accounts' | 'organisations'>

/**
 * Gives each hospital that has neither a record nor a case some made-up people, some of whom wait, so that there is something to see; through the same door as its staff.
 * @returns How many cases were opened.
 * @throws {RefusedError} What the gateway did not take.
 */
export async function seedCases({ origin, deployment, accounts, organisations }: Seeded): Promise<number> {
  const provider = new RpcProvider({ nodeUrl: deployment.rpcUrl })
  let opened = 0
  for (const [place, { slug }] of organisations.filter(({ role }) => role === 'hospital').entries()) {
    const office = accounts.find(({ plays, organisation }) => plays === 'staff' && organisation === slug)
    if (office === undefined) continue
    const wallet = new Account({ provider, address: office.address, signer: office.privateKey })
    const staff = new Person({ origin, deployment }, wallet)
    await staff.signIn()
    if (!(await isEmpty(staff))) continue
    for (const person of samplePeople(slug, place, Math.floor(Date.now() / 1_000))) opened += await admit(staff, person)
  }
  return opened
}

async function isEmpty(staff: Person): Promise<boolean> {
  const { items: records } = await staff.ask('GET', '/hospital/records?limit=1', hospitalRecordsSchema)
  const { items: cases, lost } = await staff.ask('GET', '/hospital/cases?limit=1', casesSchema)
  return records.length + cases.length + lost.length === 0
}

/** @returns 1 when a case was opened. */
async function admit(staff: Person, { bundle, waits }: SamplePerson): Promise<number> {
  const { record } = await staff.upload('/hospital/bundles', uploadSchema, gzipSync(JSON.stringify(bundle)))
  if (waits === undefined) return 0
  const { specialty, arrivedAtS, observations, note } = waits
  const { case: id } = await staff.ask('POST', '/hospital/cases', caseSummarySchema, { record, specialty, arrivedAtS })
  await staff.ask('POST', `/hospital/cases/${id}/observations`, caseSummarySchema, { observations })
  if (note !== undefined) await staff.ask('POST', `/hospital/cases/${id}/notes`, caseSummarySchema, { text: note })
  return 1
}
