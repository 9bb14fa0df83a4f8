import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { openNodeHome } from './nodeHome.ts'

const PORTS = { serverPort: 4001, swarmPort: 4002 }

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

describe('openNodeHome', () => {
  test('only the owner may read what it makes', async () => {
    const home = join(temporaryFolder(), 'mercy')
    await openNodeHome(home, PORTS)
    expect([home, join(home, 'node.json'), join(home, 'config.toml')].map(modeOf)).toEqual(['700', '600', '600'])
    chmodSync(join(home, 'node.json'), 0o644)
    await openNodeHome(home, PORTS)
    expect(modeOf(join(home, 'node.json'))).toBe('600')
  })

  test('secrets are made once, and differ from node to node', async () => {
    const home = temporaryFolder()
    const first = await openNodeHome(home, PORTS)
    expect(await openNodeHome(home, PORTS)).toEqual(first)
    const other = await openNodeHome(join(home, 'other'), PORTS)
    expect(other.password).not.toBe(first.password)
    expect(other.storeKey).not.toBe(first.storeKey)
    expect(other.identity.peerId).not.toBe(first.identity.peerId)
  })

  test('the configuration follows the ports; the API listens on loopback only and wants a token', async () => {
    const home = temporaryFolder()
    await openNodeHome(home, PORTS)
    await openNodeHome(home, { ...PORTS, serverPort: 5001, swarmHost: '10.0.0.1' })
    const config = readFileSync(join(home, 'config.toml'), 'utf8')
    expect(config).toContain('listen = ["/ip4/127.0.0.1/tcp/5001"]\nauth_mode = "embedded"')
    expect(config).toContain('[swarm]\nlisten = ["/ip4/10.0.0.1/tcp/4002"]')
    expect(config).not.toContain('4001')
  })

  test('error: data without the key they were written with are not touched', async () => {
    const home = temporaryFolder()
    mkdirSync(join(home, 'data'))
    await expect(openNodeHome(home, PORTS)).rejects.toMatchObject({ code: 'node/home' })
  })

  test('error: a damaged node.json is not replaced, and its secrets are not quoted', async () => {
    const home = writeFiles(temporaryFolder(), { 'node.json': '{"username":"medsync","password":"short-secret"}' })
    const failure: unknown = await openNodeHome(home, PORTS).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'node/home' })
    expect(String(failure)).not.toContain('short-secret')
    expect(readFileSync(join(home, 'node.json'), 'utf8')).toContain('short-secret')
  })
})
