import * as z from 'zod'
import { RELEASE_LIMITS } from './access/releaseLimits.ts'
import { ConfigurationError } from './gatewayErrors.ts'

const path = z.string().min(1)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional())
const MIB = 1_048_576
const THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

const schema = z.object({
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535),
  /** Where browsers reach it, e.g. `https://medsync.example`; sign-ins are bound to it. */
  PUBLIC_ORIGIN: z.url().transform((url) => new URL(url).origin),
  /** A Postgres server; without it the embedded database in DATABASE_DIR is used. */
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  DATABASE_DIR: optional(path),
  DEPLOYMENT_FILE: path,
  TENANTS_FILE: path,
  MASTER_KEY_FILE: path,
  /** What runs the private context: an engine in this process, or Calimero nodes. */
  CONTEXT_ENGINE: optional(z.enum(['embedded', 'calimero'])).transform((engine) => engine ?? 'embedded'),
  /** Folder of the embedded engine; `context` beside the master key unless said. */
  CONTEXT_DIR: optional(path),
  /** JSON that names the context and the nodes, mode 0600; for `calimero`. */
  CONTEXT_FILE: optional(path),
  /** Built web app to serve at `/`. */
  WEB_DIST: optional(path),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  FOLLOW_EVERY_MS: z.coerce.number().int().min(50).max(60_000).default(500),
  /** Of the JSON itself, after unpacking. */
  MAX_BUNDLE_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(1_024 * MIB)
    .default(32 * MIB),
  MAX_BUNDLE_RESOURCES: z.coerce.number().int().min(1).max(1_000_000).default(50_000),
  /** Most that one release to a researcher may hold: of its JSON, before it is packed. What is more is refused. */
  MAX_RELEASE_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(256 * MIB)
    .default(RELEASE_LIMITS.maxBytes),
  MAX_RELEASE_RESOURCES: z.coerce.number().int().min(1).max(1_000_000).default(RELEASE_LIMITS.maxResources),
  /** Accounts to try the product with; read only when the network is local. */
  DEVELOPMENT_ACCOUNTS_FILE: optional(path),
  /** Sample Bundles served at /samples/, only when the network is local. */
  SAMPLES_DIR: optional(path),
  /** A server that speaks Ollama's API, on this machine or by https: asked about a case's notes. None: rules read them alone. */
  OLLAMA_URL: optional(z.url({ protocol: /^https?$/ }).refine(isPrivateWay, { error: 'expected https, or this machine' })),
  /** Its model that is asked. */
  OLLAMA_MODEL: optional(z.string().min(1).max(200)),
  OLLAMA_TIMEOUT_MS: z.coerce.number().int().min(50).max(600_000).default(60_000),
  /** Proxies in front (`true` is one): clients' addresses for rate limits are what the outermost of them adds to X-Forwarded-For. */
  TRUST_PROXY: z.union([z.stringbool(), z.coerce.number().int().min(1).max(10)]).default(false),
})

/** Everything the gateway takes from its environment. */
export type GatewayEnv = z.output<typeof schema>

/** Whether what is sent there can be read on the way by nobody. */
function isPrivateWay(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || THIS_MACHINE.has(hostname)
}

/**
 * Reads the environment once, at start; every missing or malformed variable is named in one message.
 * @throws {ConfigurationError} With every bad variable; `.env.defaults` shows a working value for each.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): GatewayEnv {
  const parsed = schema.safeParse(source)
  if (!parsed.success) {
    throw new ConfigurationError('config/env', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  }
  if (parsed.data.DATABASE_URL === undefined && parsed.data.DATABASE_DIR === undefined) {
    throw new ConfigurationError('config/env', 'DATABASE_URL or DATABASE_DIR is needed')
  }
  if ((parsed.data.OLLAMA_URL === undefined) !== (parsed.data.OLLAMA_MODEL === undefined)) {
    throw new ConfigurationError('config/env', 'OLLAMA_URL and OLLAMA_MODEL go together')
  }
  return parsed.data
}
