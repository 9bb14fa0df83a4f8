import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { inProject, stateFolder } from '../paths.ts'
import type { StackOptions } from './startStack.ts'

const port = z.coerce.number().int().min(1).max(65_535)
const schema = z.object({
  GATEWAY_HOST: z.string().min(1),
  GATEWAY_PORT: port,
  DEVNET_PORT: port,
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
  const { GATEWAY_HOST, GATEWAY_PORT, DEVNET_PORT, PUBLIC_ORIGIN } = parsed.data
  return {
    folder: stateFolder(),
    host: GATEWAY_HOST,
    gatewayPort: GATEWAY_PORT,
    devnetPort: DEVNET_PORT,
    publicOrigin: PUBLIC_ORIGIN ?? `http://localhost:${GATEWAY_PORT}`,
  }
}
