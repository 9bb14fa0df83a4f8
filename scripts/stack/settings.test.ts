import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readEnv } from '@medsync/gateway'
import { expect, test } from 'vitest'
import { inProject } from '../paths.ts'
import { readSettings } from './settings.ts'

const DEFAULTS = parseEnv(readFileSync(inProject('.env.defaults'), 'utf8'))

test('the defaults are usable as they are', () => {
  expect(readSettings(DEFAULTS)).toMatchObject({
    host: '127.0.0.1',
    gatewayPort: 8080,
    devnetPort: 5050,
    publicOrigin: 'http://localhost:8080',
  })
})

test('the gateway can use them, too', () => {
  const set = { PUBLIC_ORIGIN: 'http://localhost:8080', DATABASE_DIR: 'd', DEPLOYMENT_FILE: 'd', TENANTS_FILE: 't', MASTER_KEY_FILE: 'm' }
  expect(readEnv({ ...DEFAULTS, ...set })).toMatchObject({ GATEWAY_PORT: 8080, MAX_BUNDLE_BYTES: 32 * 2 ** 20 })
})

test('another port gives another address', () => {
  expect(readSettings({ ...DEFAULTS, GATEWAY_PORT: '9000' }).publicOrigin).toBe('http://localhost:9000')
})

test('error: every bad variable is named in one message', () => {
  expect(() => readSettings({ ...DEFAULTS, GATEWAY_PORT: '70000', DEVNET_PORT: 'x' })).toThrowError(
    /GATEWAY_PORT: .*DEVNET_PORT: .*\.env\.defaults shows/,
  )
})

test('error: a port that no browser would talk to', () => {
  expect(() => readSettings({ ...DEFAULTS, DEVNET_PORT: '5060' })).toThrowError(/DEVNET_PORT: browsers refuse to talk to this port/)
})
