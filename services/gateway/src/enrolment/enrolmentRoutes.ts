import {
  type AccountAddress,
  enrolmentBodySchema,
  enrolmentCodeSchema,
  enrolmentSchema,
  type OrganisationId,
  type RecordId,
  recordIdSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { requirePatient, requireStaff, signedIn, staff } from '../auth/guards.ts'
import { addressOf } from '../http/addressOf.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'
import { AttemptLimiter } from './attemptLimiter.ts'

const WINDOW_S = 900
const TRIES_AN_ACCOUNT = 10
const TRIES_AN_ADDRESS = 30
const params = z.object({ record: recordIdSchema })

/** POST /patient/enrolments, POST /hospital/records/:record/enrolment-codes, DELETE /hospital/records/:record/link. */
export const enrolmentRoutes: Routes = async (app, { gateway }) => {
  const byAccount = new AttemptLimiter(gateway.clock, { tries: TRIES_AN_ACCOUNT, windowS: WINDOW_S })
  const byAddress = new AttemptLimiter(gateway.clock, { tries: TRIES_AN_ADDRESS, windowS: WINDOW_S })

  const tellLinkChanged = (record: RecordId, account: AccountAddress, organisation: OrganisationId): void => {
    gateway.events.publish({ audience: { account }, event: { type: 'record.linked', record } })
    gateway.events.publish({ audience: { organisation }, event: { type: 'record.linked', record } })
  }

  app.post(
    '/patient/enrolments',
    {
      onRequest: requirePatient(gateway),
      schema: {
        tags: ['patient'],
        body: enrolmentBodySchema,
        response: {
          201: enrolmentSchema,
          ...failures(
            ...GUARDED,
            'enrolment/unknown-code',
            'enrolment/used',
            'enrolment/expired',
            'enrolment/account-has-record',
            'record/already-linked',
          ),
        },
      },
    },
    async (request, reply) => {
      const { account } = signedIn(request)
      byAddress.count(addressOf(request))
      byAccount.count(account)
      const { record, hospital } = await gateway.enrolments.redeem(request.body.code, account)
      tellLinkChanged(record, account, hospital)
      request.log.info({ event: 'record.linked', record, hospital }, 'record linked')
      return reply.code(201).send({ record, hospital })
    },
  )

  app.post(
    '/hospital/records/:record/enrolment-codes',
    {
      onRequest: requireStaff(gateway, 'hospital'),
      schema: {
        tags: ['hospital'],
        params,
        response: { 201: enrolmentCodeSchema, ...failures(...GUARDED, 'record/other-hospital', 'record/already-linked') },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      const issued = await gateway.enrolments.issue(tenant, request.params.record, account)
      request.log.info({ event: 'enrolment.issued', record: request.params.record, tenant: tenant.slug }, 'enrolment code issued')
      return reply.code(201).header('cache-control', 'no-store').send(issued)
    },
  )

  app.delete(
    '/hospital/records/:record/link',
    {
      onRequest: requireStaff(gateway, 'hospital'),
      schema: {
        tags: ['hospital'],
        params,
        response: { 204: z.undefined(), ...failures(...GUARDED, 'record/other-hospital', 'record/not-linked') },
      },
    },
    async (request, reply) => {
      const { tenant } = staff(request)
      const account = await gateway.enrolments.unlink(tenant, request.params.record)
      tellLinkChanged(request.params.record, account, tenant.organisation)
      request.log.info({ event: 'record.unlinked', record: request.params.record, tenant: tenant.slug }, 'link ended')
      return reply.code(204).send()
    },
  )
}
