import {
  addOperatorCalls,
  admitOrganisationCalls,
  appendEntryCalls,
  callOf,
  claimForOrganisationCalls,
  claimRewardCalls,
  expireRequestCalls,
  fundStudyCalls,
  grantConsentCalls,
  openStudyCalls,
  type Receipt,
  refundStudyCalls,
  refuseRequestCalls,
  reinstateOrganisationCalls,
  removeOperatorCalls,
  replaceConsentCalls,
  requestAccessCalls,
  revokeConsentCalls,
  setEncryptionKeyCalls,
  settleRequestCalls,
  suspendOrganisationCalls,
} from '@medsync/chain'
import {
  account,
  commitConsent,
  newSalt,
  organisationId,
  purposeOf,
  requestIdSchema,
  slugToOrganisationId,
  studyIdSchema,
  ZERO,
} from '@medsync/protocol'
import type { Call } from 'starknet'
import { type Consent, eventsOf, makeConsent, PRICE } from '../../test/gateway/access-play.ts'
import { Person } from '../demo/person.ts'
import { devnetRpc } from '../devnet/devnetRpc.ts'
import type { BenchStage } from './benchStage.ts'
import { printTable } from './table.ts'

type Row = { readonly name: string; readonly l2Gas: number; readonly l1DataGas: number; readonly feeFri: bigint }

/**
 * What each call costs over a transaction of the same account that only reads a view. Each is measured when accounts, organisations and
 * the patient's log have been used before, as is usual. Runs on contracts of its own: a gateway would answer first.
 */
export async function benchGas(stage: BenchStage): Promise<void> {
  const { deployment } = stage
  const as = (label: string): Person => new Person({ origin: '', deployment }, stage.account(label))
  const [governance, hospital, office, patient] = [
    as('Governance'),
    as('Lakeside, records office'),
    as('Harbour, researcher'),
    as('Patient 6'),
  ]
  const [lakeside, harbour] = [slugToOrganisationId('lakeside'), slugToOrganisationId('harbour')]
  const rows: Row[] = []
  const measure = async (name: string, person: Person, calls: Call[]): Promise<Receipt> => {
    const empty = await person.send([callOf(deployment, 'consentRegistry', 'state', [person.address, '0x1'])])
    const receipt = await person.send(calls)
    rows.push({
      name,
      l2Gas: receipt.l2Gas - empty.l2Gas,
      l1DataGas: receipt.l1DataGas - empty.l1DataGas,
      feeFri: receipt.feeFri - empty.feeFri,
    })
    return receipt
  }
  const consents = Array.from({ length: 6 }, () => makeConsent(patient, { grantee: harbour }))
  const [first, second, third, fourth] = consents as [Consent, Consent, Consent, Consent]
  await patient.send(grantConsentCalls(deployment, first))
  await measure('grant a consent', patient, grantConsentCalls(deployment, second))
  await measure('replace a consent', patient, replaceConsentCalls(deployment, { old: second.commitment, new: third.commitment }))
  await measure('revoke a consent', patient, revokeConsentCalls(deployment, third))
  await measure(
    'grant ten consents in one transaction, each',
    patient,
    Array.from({ length: 10 }, () => grantConsentCalls(deployment, makeConsent(patient))).flat(),
  )
  const ten = rows.at(-1)
  if (ten !== undefined)
    rows[rows.length - 1] = {
      ...ten,
      l2Gas: Math.round(ten.l2Gas / 10),
      l1DataGas: Math.round(ten.l1DataGas / 10),
      feeFri: ten.feeFri / 10n,
    }
  await patient.send(grantConsentCalls(deployment, fourth))
  const append = () => appendEntryCalls(deployment, { patient: patient.address, kind: 'refusal', digest: newSalt() })
  await hospital.send(append())
  await measure('append an entry', hospital, append())
  await measure('set an encryption key', office, setEncryptionKeyCalls(deployment, { key: crypto.getRandomValues(new Uint8Array(32)) }))
  const token = deployment.tokens[0]?.address ?? ZERO
  const nowS = Math.floor(Date.now() / 1_000)
  const terms = {
    organisation: harbour,
    purposeIndex: purposeOf('CLINTRCH').index,
    token,
    price: PRICE,
    hospitalBps: 2_000,
    poolBps: 500,
    capPerPatient: 100,
    deadlineS: nowS + 3_600,
    answerWithinS: 60,
    details: newSalt(),
  }
  await office.send(openStudyCalls(deployment, { terms, deposit: PRICE }))
  const opened = await measure('open a study (with the approval)', office, openStudyCalls(deployment, { terms, deposit: 100n * PRICE }))
  const study = studyIdSchema.parse(eventsOf(office, opened).find(({ type }) => type === 'StudyOpened')?.['study'])
  await measure('fund a study (with the approval)', office, fundStudyCalls(deployment, { study, token, amount: PRICE }))
  const request = async (isMeasured: boolean) => {
    const digest = newSalt()
    const calls = requestAccessCalls(deployment, { study, patient: patient.address, hospital: lakeside, digest })
    const receipt = isMeasured ? await measure('request an access', office, calls) : await office.send(calls)
    return { request: requestIdSchema.parse(eventsOf(office, receipt).find(({ type }) => type === 'RequestOpened')?.['request']), digest }
  }
  const { chainId, contracts } = deployment
  const { opening } = commitConsent({ chainId, registry: contracts.consentRegistry, patient: patient.address, ...fourth })
  await hospital.send(settleRequestCalls(deployment, { ...(await request(false)), opening, entry: newSalt() }))
  const asked = await request(true)
  await measure('settle a request', hospital, settleRequestCalls(deployment, { ...asked, opening, entry: newSalt() }))
  await measure('refuse a request', hospital, refuseRequestCalls(deployment, { ...(await request(false)), entry: newSalt() }))
  const late = await request(false)
  await measure('collect a reward', patient, claimRewardCalls(deployment, { token }))
  await measure('collect an organisation’s reward', hospital, claimForOrganisationCalls(deployment, { token }))
  await devnetRpc(deployment.rpcUrl, 'devnet_increaseTime', { time: 4_000 })
  await measure('expire a request', hospital, expireRequestCalls(deployment, late))
  await measure('refund a study', office, refundStudyCalls(deployment, { study }))
  const newcomer = { organisation: organisationId(newSalt()), role: 'hospital' as const, name: 'Newcomer', payout: patient.address }
  await measure('admit an organisation', governance, admitOrganisationCalls(deployment, { ...newcomer, operator: account(newSalt()) }))
  const operator = account(newSalt())
  await measure('add an operator', governance, addOperatorCalls(deployment, { ...newcomer, operator }))
  await measure('remove an operator', governance, removeOperatorCalls(deployment, { operator }))
  await measure('suspend an organisation', governance, suspendOrganisationCalls(deployment, newcomer))
  await measure('reinstate an organisation', governance, reinstateOrganisationCalls(deployment, newcomer))
  console.log('\nGas of each call, over an empty view call of the same account')
  printTable(
    ['call', 'l2_gas', 'l1_data_gas'],
    rows.map(({ name, l2Gas, l1DataGas }) => [name, l2Gas, l1DataGas]),
  )
}
