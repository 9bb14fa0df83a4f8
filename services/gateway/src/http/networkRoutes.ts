import { networkSchema } from '@medsync/protocol'
import type { Routes } from '../server.ts'
import { failures } from './failures.ts'
import { networkOf } from './networkOf.ts'

/** GET /network: what a browser needs to talk to the chain. */
export const networkRoutes: Routes = async (app, { gateway }) => {
  const network = await networkOf(gateway)
  app.get('/network', { schema: { tags: ['network'], response: { 200: networkSchema, ...failures() } } }, async () => network)
}
