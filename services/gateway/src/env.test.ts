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

  test('how many proxies stand in front is a yes, a no or a number', () => {
    const read = (TRUST_PROXY: string): unknown => readEnv({ ...least, TRUST_PROXY }).TRUST_PROXY
    expect(['true', 'false', '1', '2', '10'].map(read)).toEqual([true, false, true, 2, 10])
    for (const bad of ['11', '-1', '1.5']) expect(() => read(bad)).toThrow(/TRUST_PROXY/)
  })

  test('error: every bad variable is named at once, without its value', () => {
    const bad = { ...least, GATEWAY_PORT: 'SECRET', DATABASE_URL: 'mysql://user:SECRET@host/x', TRUST_PROXY: 'SECRET' }
    expect(() => readEnv(bad)).toThrow(/^(?!.*SECRET).*GATEWAY_PORT.*DATABASE_URL.*TRUST_PROXY/s)
  })

  test('error: no database', () => {
    expect(() => readEnv({ ...least, DATABASE_DIR: '' })).toThrow(/DATABASE_URL or DATABASE_DIR/)
  })

  test('a language model is asked on this machine or by https', () => {
    for (const OLLAMA_URL of [
      'http://127.0.0.1:11434',
      'http://localhost:11434',
      'http://[::1]:11434',
      'https://ollama.hospital.example',
    ]) {
      expect(readEnv({ ...least, OLLAMA_URL, OLLAMA_MODEL: 'm' })).toMatchObject({ OLLAMA_URL, OLLAMA_TIMEOUT_MS: 60_000 })
    }
  })

  test('error: a language model elsewhere in clear, or of no name', () => {
    for (const OLLAMA_URL of ['http://10.0.0.5:11434', 'http://127.0.0.1.example', 'file:///etc', 'http://localhost.example']) {
      expect(() => readEnv({ ...least, OLLAMA_URL, OLLAMA_MODEL: 'm' })).toThrow(/OLLAMA_URL/)
    }
    expect(() => readEnv({ ...least, OLLAMA_URL: 'http://127.0.0.1:11434' })).toThrow(/go together/)
  })
})
