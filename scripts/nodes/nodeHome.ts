import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { parseJson } from '../parseJson.ts'
import { type NodeSettings, nodeConfig } from './nodeConfig.ts'
import { makePeerIdentity } from './peerIdentity.ts'

/** Mode of a file that only its owner may read. */
const OWN = 0o600
const port = z.number().int().min(1).max(65_535)
const homeSchema = z.object({
  username: z.string().min(1),
  password: z.string().min(32),
  /** 32 bytes in hex; values in `data` are encrypted with it. */
  storeKey: z.string().regex(/^[0-9a-f]{64}$/),
  identity: z.object({ peerId: z.string().min(1), keypair: z.string().min(1) }),
  serverPort: port,
  swarmPort: port,
  swarmHost: z.ipv4(),
  bootstrap: z.array(z.string()),
})

/** What node.json holds: the node's settings and its secrets. */
export type NodeHome = z.output<typeof homeSchema>

/** Settings that may change between two starts. */
export type NodePlace = Partial<Pick<NodeSettings, 'swarmHost' | 'bootstrap'>> & Pick<NodeSettings, 'serverPort' | 'swarmPort'>

/** A node's folder as it is; undefined when there is no node in it. */
export function readNodeHome(home: string): NodeHome | undefined {
  const path = join(home, 'node.json')
  if (!existsSync(path)) return undefined
  const parsed = homeSchema.safeParse(parseJson(readFileSync(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new ChoreError(
    'node/home',
    `${path} is not what MedSync wrote: ${parsed.error.issues[0]?.path.join('.')}.`,
    'Put back a copy of it: without its store key the data beside it cannot be read.',
  )
}

/**
 * Makes a node's folder, or reads the one there, and writes its config.toml. Password, store key and peer identity are made once; only the
 * folder's owner may read them.
 * @throws {ChoreError} `node/home` when there are data without the key that they were written with, or node.json is damaged.
 */
export async function openNodeHome(home: string, place: NodePlace): Promise<NodeHome> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  await chmod(home, 0o700)
  const known = readNodeHome(home)
  if (known === undefined && existsSync(join(home, 'data')))
    throw new ChoreError('node/home', `${home} holds a node's data and no node.json.`, 'Put back node.json, or take another folder.')
  const node: NodeHome = {
    ...(known ?? makeSecrets()),
    serverPort: place.serverPort,
    swarmPort: place.swarmPort,
    swarmHost: place.swarmHost ?? known?.swarmHost ?? '127.0.0.1',
    bootstrap: [...(place.bootstrap ?? known?.bootstrap ?? [])],
  }
  await writeOwn(join(home, 'node.json'), `${JSON.stringify(node, null, 2)}\n`)
  await writeOwn(join(home, 'config.toml'), nodeConfig(node))
  return node
}

function makeSecrets(): Pick<NodeHome, 'username' | 'password' | 'storeKey' | 'identity'> {
  return {
    username: 'medsync',
    password: randomBytes(32).toString('base64url'),
    storeKey: randomBytes(32).toString('hex'),
    identity: makePeerIdentity(),
  }
}

/** Writes a file that only its owner may read, in one step that a power cut does not halve: without its key a node's data are lost. */
async function writeOwn(path: string, text: string): Promise<void> {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return await chmod(path, OWN)
  const part = await open(`${path}.part`, 'w', OWN)
  try {
    await part.chmod(OWN)
    await part.writeFile(text)
    await part.sync()
  } finally {
    await part.close()
  }
  await rename(`${path}.part`, path)
}
