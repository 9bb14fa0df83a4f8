import { patientRecordsSchema } from '@medsync/protocol'
import { requirePatient, signedIn } from '../auth/guards.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'

/** GET /patient/records: the account's records at the hospitals served here, by how much they hold and not what. */
export const patientRecordsRoutes: Routes = async (app, { gateway }) => {
  app.get(
    '/patient/records',
    {
      onRequest: requirePatient(gateway),
      schema: {
        tags: ['patient'],
        response: { 200: patientRecordsSchema, ...failures(...GUARDED, 'record/damaged') },
      },
    },
    async (request) => {
      const linked = await gateway.records.recordsOf(signedIn(request).account)
      const items = await Promise.all(
        linked.map(async ({ record, tenant, hospital, linkedAtS }) => {
          const { summary, change } = await gateway.records.overviewOf(tenant, record)
          const { categories, sensitivities } = summary
          return { record, hospital, linkedAtS, change, categories: [...categories], sensitivities: [...sensitivities] }
        }),
      )
      return { items }
    },
  )
}
