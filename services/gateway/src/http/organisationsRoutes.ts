import { organisationsSchema } from '@medsync/protocol'
import type { Routes } from '../server.ts'
import { failures } from './failures.ts'

/** GET /organisations: everyone who takes part, as the chain says. */
export const organisationsRoutes: Routes = async (app, { gateway }) => {
  app.get(
    '/organisations',
    { schema: { tags: ['network'], response: { 200: organisationsSchema, ...failures('chain/behind') } } },
    async () => ({
      items: gateway.roles.participants().map(({ organisation, name, role, standing }) => ({ organisation, name, role, standing })),
    }),
  )
}
