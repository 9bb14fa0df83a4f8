import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { type NodePlace, readNodeHome } from './nodeHome.ts'

const SERVER_PORT = 2528
const SWARM_PORT = 2428
const USAGE =
  'Use: npm run node -- HOME [--server-port 2528] [--swarm-port 2428] [--swarm-host 10.0.0.1] [--peer /ip4/10.0.0.2/tcp/2428/p2p/12D3Koo…]…'

const port = z.coerce.number().int().min(1).max(65_535)
const schema = z.object({
  'server-port': port.optional(),
  'swarm-port': port.optional(),
  'swarm-host': z.ipv4().optional(),
  peer: z
    .array(z.string().regex(/^\/ip4\/[\d.]+\/tcp\/\d+\/p2p\/[1-9A-HJ-NP-Za-km-z]+$/, 'an address as another node prints it'))
    .optional(),
})

/**
 * What the command line of `npm run node` says; what it leaves out stays as it was at the last start.
 * @throws {ChoreError} `node/arguments` with what is wrong and how it is used.
 */
export function nodeFlags(args: string[]): NodePlace & { home: string } {
  const { values, positionals } = parsed(args)
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new ChoreError('node/arguments', 'Exactly one folder is needed.', USAGE)
  const flags = schema.safeParse(values)
  if (!flags.success) {
    const faults = flags.error.issues.map(({ path, message }) => `--${path[0]?.toString()}: ${message}`).join('; ')
    throw new ChoreError('node/arguments', `${faults}.`, USAGE)
  }
  const home = resolve(folder)
  const known = readNodeHome(home)
  const { data } = flags
  return {
    home,
    serverPort: data['server-port'] ?? known?.serverPort ?? SERVER_PORT,
    swarmPort: data['swarm-port'] ?? known?.swarmPort ?? SWARM_PORT,
    ...(data['swarm-host'] === undefined ? {} : { swarmHost: data['swarm-host'] }),
    ...(data.peer === undefined ? {} : { bootstrap: data.peer }),
  }
}

function parsed(args: string[]) {
  try {
    const text = { type: 'string' } as const
    const options = { 'server-port': text, 'swarm-port': text, 'swarm-host': text, peer: { ...text, multiple: true } } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new ChoreError('node/arguments', `${cause instanceof Error ? cause.message : 'The arguments are not understood'}.`, USAGE, {
      cause,
    })
  }
}
