import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as z from 'zod'
import { BundleError } from '../bundle/bundleError.ts'
import { readBundle } from '../bundle/readBundle.ts'
import { base58IdSchema } from '../executorId.ts'
import type { NodeClient } from '../node/nodeClient.ts'
import { bundleBlobId } from './bundleBlobId.ts'

const installedSchema = z.object({ data: z.object({ applicationId: base58IdSchema }) })

/** An app that was checked and that may be installed. */
export type CheckedApp = {
  readonly path: string
  readonly applicationId: string
  /** See `bundleBlobId`. */
  readonly blobId: string
}

/**
 * Reads and checks the bundle of the app; its signature and all its hashes.
 * @throws {BundleError} It is not there, or not what was signed.
 */
export async function checkApp(bundlePath: string): Promise<CheckedApp> {
  const path = resolve(bundlePath)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BundleError('there is no such file', { cause })
  })
  return { path, applicationId: readBundle(bytes).applicationId, blobId: bundleBlobId(bytes) }
}

/** Installs it on a node; on one that has it this changes nothing. */
export async function installApp(client: NodeClient, { path, applicationId }: CheckedApp, signal?: AbortSignal): Promise<void> {
  // By its path, since rc.4 can get a bundle by URL only from another machine; it checks less than we did.
  const { data } = await client.ask({
    what: 'installing the app',
    path: '/admin-api/install-dev-application',
    json: JSON.stringify({ path, metadata: [] }),
    schema: installedSchema,
    signal,
  })
  if (data.applicationId !== applicationId) throw new BundleError('the node gave it another id')
}
