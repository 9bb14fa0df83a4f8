import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { inProject, stateFolder } from '../paths.ts'
import type { StackOptions } from './startStack.ts'

/** Ports above 1023 that browsers and Node's fetch refuse to talk to (WHATWG Fetch, "bad port"). */
const BAD_PORTS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
])
const port = z.coerce
  .number()
  .int()
  .min(1)
  .max(65_535)
  .refine((number) => !BAD_PORTS.has(number), 'browsers refuse to talk to this port, choose another')
const schema = z.object({
  GATEWAY_HOST: z.string().min(1),
  GATEWAY_PORT: port,
  DEVNET_PORT: port,
  NODES_PORT: port,
  CONTEXT_ENGINE: z.preprocess((value) => (value === '' ? undefined : value), z.enum(['embedded', 'calimero']).optional()),
  PUBLIC_ORIGIN: z.url().optional(),
})

/** Adds what `.env` and `.env.defaults` say to the environment; what is set already stays. */
export function loadEnvFiles(): void {
  for (const name of ['.env', '.env.defaults']) if (existsSync(inProject(name))) loadEnvFile(inProject(name))
}

/**
 * What `npm start` runs with, from the environment.
 * @throws {ChoreError} `start/settings` naming every bad variable.
 */
export function readSettings(source: Record<string, string | undefined> = process.env): StackOptions {
  const parsed = schema.safeParse(source)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new ChoreError('start/settings', `Not usable: ${faults}.`, '.env.defaults shows a working value for each.')
  }
  const { GATEWAY_HOST, GATEWAY_PORT, DEVNET_PORT, NODES_PORT, CONTEXT_ENGINE, PUBLIC_ORIGIN } = parsed.data
  return {
    folder: stateFolder(),
    host: GATEWAY_HOST,
    gatewayPort: GATEWAY_PORT,
    devnetPort: DEVNET_PORT,
    nodesPort: NODES_PORT,
    ...(CONTEXT_ENGINE === undefined ? {} : { context: CONTEXT_ENGINE }),
    publicOrigin: PUBLIC_ORIGIN ?? `http://localhost:${GATEWAY_PORT}`,
  }
}
