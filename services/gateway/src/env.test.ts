import { describe, expect, test } from 'vitest'
import { readEnv } from './env.ts'

const least = {
  GATEWAY_PORT: '8080',
  PUBLIC_ORIGIN: 'https://medsync.example/some/path',
  DATABASE_DIR: 'database',
  DEPLOYMENT_FILE: 'deployment.json',
  TENANTS_FILE: 'tenants.json',
  MASTER_KEY_FILE: 'master.key',
}

describe('readEnv', () => {
  test('takes the least, fills in the rest, and keeps of the origin the origin', () => {
    expect(readEnv(least)).toMatchObject({
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: 8_080,
      PUBLIC_ORIGIN: 'https://medsync.example',
      MAX_BUNDLE_BYTES: 33_554_432,
      TRUST_PROXY: false,
      LOG_LEVEL: 'info',
    })
  })

  test('an empty variable counts as unset', () => {
    expect(readEnv({ ...least, DATABASE_URL: '', WEB_DIST: '' })).toMatchObject({ DATABASE_URL: undefined, WEB_DIST: undefined })
  })

  test('error: every bad variable is named at once, without its value', () => {
    const bad = { ...least, GATEWAY_PORT: 'SECRET', DATABASE_URL: 'mysql://user:SECRET@host/x', TRUST_PROXY: 'SECRET' }
    expect(() => readEnv(bad)).toThrow(/^(?!.*SECRET).*GATEWAY_PORT.*DATABASE_URL.*TRUST_PROXY/s)
  })

  test('error: no database', () => {
    expect(() => readEnv({ ...least, DATABASE_DIR: '' })).toThrow(/DATABASE_URL or DATABASE_DIR/)
  })
})
