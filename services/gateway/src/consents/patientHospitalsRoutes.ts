import { type AccountAddress, organisationIdSchema, type PatientHospital, patientHospitalsSchema } from '@medsync/protocol'
import * as z from 'zod'
import { requirePatient, signedIn } from '../auth/guards.ts'
import type { Gateway } from '../composition.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'

const params = z.object({ hospital: organisationIdSchema })

/** GET, PUT and DELETE /patient/hospitals: which hospitals of other gateways a patient takes for holders of their records. */
export const patientHospitalsRoutes: Routes = async (app, { gateway }) => {
  const tags = ['patient']
  app.get(
    '/patient/hospitals',
    {
      onRequest: requirePatient(gateway),
      schema: { tags, response: { 200: patientHospitalsSchema, ...failures(...GUARDED, 'context/unreachable') } },
    },
    async (request) => ({ items: await hospitalsOf(gateway, signedIn(request).account) }),
  )

  app.put(
    '/patient/hospitals/:hospital',
    {
      onRequest: requirePatient(gateway),
      schema: {
        tags,
        params,
        response: { 204: z.undefined(), ...failures(...GUARDED, 'input/not-found', 'chain/behind', 'context/unreachable') },
      },
    },
    async (request, reply) => {
      const { hospital } = request.params
      const known = gateway.chain.state.participants.find(hospital)
      if (known?.role !== 'hospital' || gateway.tenants.find(hospital) !== undefined) throw new NotFoundError()
      await gateway.context.confirmHospital(signedIn(request).account, hospital)
      return reply.code(204).send()
    },
  )

  app.delete(
    '/patient/hospitals/:hospital',
    { onRequest: requirePatient(gateway), schema: { tags, params, response: { 204: z.undefined(), ...failures(...GUARDED) } } },
    async (request, reply) => {
      await gateway.context.dismissHospital(signedIn(request).account, request.params.hospital)
      return reply.code(204).send()
    },
  )
}

async function hospitalsOf({ context, tenants }: Gateway, patient: AccountAddress): Promise<PatientHospital[]> {
  const [claimed, confirmed] = await Promise.all([context.hospitalsOf(patient), context.confirmedHospitals(patient)])
  const others = [...new Set([...claimed, ...confirmed])].filter((hospital) => tenants.find(hospital) === undefined)
  return others.map((hospital) => ({ hospital, isClaimed: claimed.includes(hospital), isConfirmed: confirmed.includes(hospital) }))
}
