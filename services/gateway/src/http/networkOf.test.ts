import { deploymentSchema } from '@medsync/chain'
import { describe, expect, test } from 'vitest'
import { readEnv } from '../env.ts'
import { Tenants } from '../tenants/tenants.ts'
import { helmetOptions } from './helmetOptions.ts'
import { isLocalNetwork } from './isLocalNetwork.ts'
import { networkOf } from './networkOf.ts'

const env = readEnv({
  GATEWAY_PORT: '1',
  PUBLIC_ORIGIN: 'https://medsync.example/',
  DATABASE_DIR: 'd',
  DEPLOYMENT_FILE: 'd',
  TENANTS_FILE: 't',
  MASTER_KEY_FILE: 'm',
  DEVELOPMENT_ACCOUNTS_FILE: '/nowhere/accounts.json',
})
const deployment = deploymentSchema.parse({
  chainId: '0x534e5f5345504f4c4941',
  rpcUrl: 'https://rpc.example/v0_10?key=1',
  wsUrl: 'wss://rpc.example/ws',
  contracts: { participants: '0x1', consentRegistry: '0x2', accessLog: '0x3', rewardPool: '0x4' },
  tokens: [],
  startBlock: 0,
})
const tenants = new Tenants([])

describe('the network that a browser is told of', () => {
  test('has no development accounts where it is not local, whatever the environment says', async () => {
    const network = await networkOf({ env, deployment, tenants })
    expect(network).toMatchObject({ kind: 'sepolia', developmentAccounts: [] })
    expect(network.transactionUrl).toContain('{hash}')
  })

  test('error: where it is local, a missing file of accounts is said at start', async () => {
    const local = { ...deployment, rpcUrl: 'http://localhost:5050/rpc' }
    await expect(networkOf({ env, deployment: local, tenants })).rejects.toMatchObject({ code: 'config/development-accounts' })
  })

  test('is local on this machine only', () => {
    for (const rpcUrl of ['http://127.0.0.1:5050', 'http://localhost/rpc', 'http://[::1]:1']) expect(isLocalNetwork({ rpcUrl })).toBe(true)
    for (const rpcUrl of ['http://10.0.0.1', 'http://127.0.0.1.evil.example', 'https://localhost.example'])
      expect(isLocalNetwork({ rpcUrl })).toBe(false)
  })
})

describe('security headers', () => {
  test('let the page reach us and the chain by origin, and ask for HTTPS where we have it', () => {
    const options = helmetOptions({ env, deployment })
    expect(options.strictTransportSecurity).toBe(true)
    expect(JSON.stringify(options.contentSecurityPolicy)).toContain(`"connect-src":["'self'","https://rpc.example","wss://rpc.example"]`)
    expect(helmetOptions({ env: { ...env, PUBLIC_ORIGIN: 'http://localhost' }, deployment }).strictTransportSecurity).toBe(false)
  })
})
