import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { nodeFlags } from './nodeFlags.ts'
import { openNodeHome } from './nodeHome.ts'

const PEER = '/ip4/10.0.0.2/tcp/2428/p2p/12D3KooWHSkiWj5xwtUrZp5w9n1qCfWwp9FJ6zTLZdxFgspuzPiN'

describe('nodeFlags', () => {
  test('a new folder has the usual ports', () => {
    const home = join(temporaryFolder(), 'node')
    expect(nodeFlags([home])).toEqual({ home, serverPort: 2528, swarmPort: 2428 })
  })

  test('what is left out stays as it was', async () => {
    const home = temporaryFolder()
    await openNodeHome(home, { serverPort: 4001, swarmPort: 4002, swarmHost: '10.0.0.1', bootstrap: [PEER] })
    expect(nodeFlags([home, '--swarm-port', '4003'])).toEqual({ home, serverPort: 4001, swarmPort: 4003 })
    expect(await openNodeHome(home, { serverPort: 4001, swarmPort: 4003 })).toMatchObject({ swarmHost: '10.0.0.1', bootstrap: [PEER] })
  })

  test('peers may be several', () => {
    expect(nodeFlags(['/n', '--peer', PEER, '--peer', PEER]).bootstrap).toEqual([PEER, PEER])
  })

  test.each([
    [['--server-port', '1'], /Exactly one folder/],
    [['a', 'b'], /Exactly one folder/],
    [['a', '--server-port', '70000'], /--server-port/],
    [['a', '--swarm-host', 'example.org'], /--swarm-host/],
    [['a', '--peer', '10.0.0.2:2428'], /--peer: an address as another node prints it/],
    [['a', '--password', 'x'], /Unknown option '--password'/],
  ])('error: %j', (args, words) => {
    expect(() => nodeFlags(args)).toThrowError(words)
  })
})
