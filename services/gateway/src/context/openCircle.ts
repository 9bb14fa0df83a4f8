import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openCalimeroEngine } from '@medsync/context/calimero'
import { openEmbeddedEngine } from '@medsync/context/embedded'
import { type ContextEngine, NotInitialisedError } from '@medsync/context/engine'
import type { GatewayEnv } from '../env.ts'
import { ConfigurationError } from '../gatewayErrors.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import { readJsonFile } from '../tenants/readJsonFile.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import { Circle } from './circle.ts'
import { CircleEngine } from './circleEngine.ts'
import { circleFileSchema } from './circleFile.ts'

/** The app that both engines run, as committed. */
const APP = join(import.meta.dirname, '..', '..', '..', '..', 'calimero-app', 'res', 'medsync.wasm')

/** How long a call on a node may take, retries and all: somebody may be waiting for it, and everything is sent again later anyway. */
const NODE_TIMEOUT_MS = 20_000

/** What the circle is opened from. */
export type OpenCircleOptions = { readonly env: GatewayEnv; readonly tenants: Tenants; readonly keys: KeyRing }

/**
 * The circle as the environment says: the embedded engine, or Calimero nodes. Nothing is opened before it is needed, so that a node that is
 * away does not keep the gateway from starting.
 * @throws {ConfigurationError} The file of nodes is missing, malformed, readable by others, or names a tenant that is not served here.
 */
export async function openCircle(options: OpenCircleOptions): Promise<Circle> {
  return options.env.CONTEXT_ENGINE === 'calimero' ? await openNetwork(options) : openEmbedded(options)
}

/** Hospitals have a place of their own; a gateway of research offices alone gives them one. */
function seated(tenants: Tenants): readonly Tenant[] {
  return tenants.hospitals.length > 0 ? tenants.hospitals : tenants.all
}

function openEmbedded({ env, tenants, keys }: OpenCircleOptions): Circle {
  const folder = env.CONTEXT_DIR ?? join(dirname(env.MASTER_KEY_FILE), 'context')
  const seats = seated(tenants).map(({ slug }) => slug)
  const open = async (): Promise<ContextEngine> => {
    const wasm = await readFile(APP)
    const engine = await openEmbeddedEngine({ folder, wasm, members: seats, storeKey: keys.shared('context-store') })
    await initialiseOnce(engine, seated(tenants)[0])
    return engine
  }
  // A new folder has new identities.
  const idOf = ({ members }: ContextEngine) => `embedded|${members.find(({ name }) => name === seats[0])?.executor}`
  return new Circle({ engine: new CircleEngine(open), idOf, tenants, seats })
}

async function initialiseOnce(engine: ContextEngine, keeper: Tenant | undefined): Promise<void> {
  if (keeper === undefined) return
  try {
    await engine.call(keeper.slug, 'whoami', {})
  } catch (error) {
    if (!(error instanceof NotInitialisedError)) throw error
    await engine.initialise(keeper.slug, { admin_organisation: keeper.organisation, kind: keeper.role })
  }
}

async function openNetwork({ env, tenants }: OpenCircleOptions): Promise<Circle> {
  if (env.CONTEXT_FILE === undefined) throw new ConfigurationError('config/env', 'CONTEXT_ENGINE=calimero needs CONTEXT_FILE')
  const { ids, nodes } = await readJsonFile(env.CONTEXT_FILE, circleFileSchema, { secret: true, code: 'config/context' })
  const stranger = nodes.find(({ member }) => tenants.all.every(({ slug }) => slug !== member))
  if (stranger !== undefined) throw new ConfigurationError('config/context', `${stranger.member} is not a tenant`)
  const engine = new CircleEngine(() => openCalimeroEngine({ contextId: ids.contextId, nodes, timeoutMs: NODE_TIMEOUT_MS }))
  return new Circle({ engine, idOf: () => `calimero|${ids.contextId}`, tenants, seats: nodes.map(({ member }) => member) })
}
