import {
  connectContracts,
  connectProvider,
  type Deployment,
  grantConsent,
  readBatches,
  readChainId,
  readConsentState,
  readDispute,
  readEncryptionKey,
  readIsPaused,
  readLiabilities,
  readOrganisation,
  readOrganisationOf,
  readOwed,
  readOwedToOrganisation,
  readOwedToPool,
  readPatientLog,
  readRequest,
  readRequestByDigest,
  readStudy,
  setEncryptionKey,
  waitForTransaction,
} from '@medsync/chain'
import { account, felt, organisationSlug, requestIdSchema, slugToOrganisationId, studyIdSchema } from '@medsync/protocol'
import { deployMedsync, type LocalDeployment, localAccount } from '@medsync/testing'
import { beforeAll, describe, expect, inject, test } from 'vitest'

let local: LocalDeployment
let deployment: Deployment

beforeAll(async () => {
  local = await deployMedsync({ rpcUrl: inject('devnetRpcUrl') }, { salt: '0x7265616473' })
  deployment = local.deployment
})

const nobody = account(0xdead)
const mercy = slugToOrganisationId('mercy')

describe('reads', () => {
  test('of what is not there say so', async () => {
    const token = account(deployment.tokens[0]?.address ?? 0)
    expect(await readStudy(deployment, studyIdSchema.parse(77))).toBeUndefined()
    expect(await readRequest(deployment, requestIdSchema.parse(77))).toBeUndefined()
    expect(await readRequestByDigest(deployment, nobody, felt(5))).toBeUndefined()
    expect(await readDispute(deployment, nobody, felt(5))).toBeUndefined()
    expect(await readBatches(deployment)).toEqual({ count: 0, root: '0x0' })
    expect(await readIsPaused(deployment)).toBe(false)
    expect(await readOrganisation(deployment, slugToOrganisationId('nowhere'))).toBeUndefined()
    expect(await readOrganisationOf(deployment, nobody)).toBeUndefined()
    expect(await readEncryptionKey(deployment, nobody)).toBeUndefined()
    expect(await readConsentState(deployment, nobody, felt(5))).toEqual({ status: 'unknown', grantedAtS: 0, endedAtS: 0 })
    expect(await readPatientLog(deployment, nobody)).toMatchObject({ count: 0, root: '0x0' })
    const amounts = [
      readOwed(deployment, token, nobody),
      readOwedToOrganisation(deployment, token, mercy),
      readOwedToPool(deployment, token),
      readLiabilities(deployment, token),
    ]
    expect(await Promise.all(amounts)).toEqual([0n, 0n, 0n, 0n])
  })

  test('say what the actions did', async () => {
    const researcher = localAccount(deployment.rpcUrl, local.accounts, 'Northgate, researcher')
    const key = crypto.getRandomValues(new Uint8Array(32))
    await waitForTransaction(deployment, await setEncryptionKey(researcher, deployment, { key }))
    expect(await readEncryptionKey(deployment, account(researcher.address))).toEqual(key)
    expect(await readOrganisationOf(deployment, account(researcher.address))).toBe(slugToOrganisationId('northgate'))
    const found = await readOrganisation(deployment, mercy)
    expect(found).toMatchObject({ role: 'hospital', isActive: true })
    expect(organisationSlug(found?.name ?? felt(0))).toBe('Mercy General Hospital')
    expect(await readChainId(deployment)).toBe(deployment.chainId)
  })

  test('agree with starknet.js’ own contracts, which know their entry points by type', async () => {
    const patient = localAccount(deployment.rpcUrl, local.accounts, 'Patient 5')
    const commitment = felt(0x5eed)
    await waitForTransaction(deployment, await grantConsent(patient, deployment, { commitment }))
    const { consentRegistry } = connectContracts(deployment, connectProvider(deployment))
    const state = await consentRegistry.state(patient.address, commitment)
    const own = await readConsentState(deployment, account(patient.address), commitment)
    expect(own).toEqual({ status: 'active', grantedAtS: Number(state.granted_at_s), endedAtS: 0 })
  })
})
