import { fileDisputeBodySchema, fileDisputeSchema, statementHash } from '@medsync/protocol'
import { requirePatient, signedIn } from '../auth/guards.ts'
import { InputError, NotFoundError } from '../gatewayErrors.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'

/** POST /patient/disputes: keeps what the patient has to say, with the hospital that wrote the entry, before it is disputed on chain. */
export const disputesRoutes: Routes = async (app, { gateway }) => {
  app.post(
    '/patient/disputes',
    {
      onRequest: requirePatient(gateway),
      schema: {
        tags: ['patient'],
        body: fileDisputeBodySchema,
        response: { 200: fileDisputeSchema, ...failures(...GUARDED, 'dispute/mismatch', 'input/not-found') },
      },
    },
    async (request) => {
      const { account: patient } = signedIn(request)
      const { hospital, statement, text, salt } = request.body
      if (statementHash(text, salt) !== statement) throw new InputError('dispute/mismatch')
      const tenant = gateway.tenants.find(hospital)
      const hasEntry = gateway.chain.state.logs.entries(patient).some((entry) => entry.hospital === hospital)
      if (tenant?.role !== 'hospital' || !hasEntry) throw new NotFoundError()
      await gateway.filedDisputes.file(tenant.slug, statement, { patient, text, salt })
      return { statement }
    },
  )
}
