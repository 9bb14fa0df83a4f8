import {
  hospitalTrialsSchema,
  invitationAnswerSchema,
  invitationConsentBodySchema,
  invitationDraftSchema,
  invitationsSchema,
  inviteBodySchema,
  invitedSchema,
  type StudyId,
  studyIdSchema,
  trialBodySchema,
  trialCountOpenedSchema,
  trialMatchesSchema,
  trialSavedSchema,
  trialsSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { requirePatient, requireStaff, signedIn, staff } from '../auth/guards.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { withPatients } from '../records/withPatients.ts'
import type { Routes } from '../server.ts'

const study = z.coerce
  .number()
  .pipe(z.number().int().positive())
  .transform((number): StudyId => studyIdSchema.parse(number))
const ofStudy = z.object({ study })
const ofInvitation = z.object({ invitation: z.uuid().max(36).toLowerCase() })
const OF_CIRCLE = [...GUARDED, 'input/not-found', 'context/unreachable'] as const
const OF_INVITATION = [...GUARDED, 'input/not-found', 'trial/answered'] as const

/** /research/trials: criteria and counts. /hospital/trials: own records that meet them. /patient/invitations: to take part, or not. */
export const trialsRoutes: Routes = async (app, { gateway }) => {
  const { trials } = gateway

  const office = requireStaff(gateway, 'research')
  app.get(
    '/research/trials',
    { onRequest: office, schema: { tags: ['research'], response: { 200: trialsSchema, ...failures(...GUARDED, 'context/unreachable') } } },
    async (request) => ({ items: await trials.list(staff(request).tenant) }),
  )
  app.put(
    '/research/trials/:study',
    {
      onRequest: office,
      schema: {
        tags: ['research'],
        params: ofStudy,
        body: trialBodySchema,
        response: {
          200: trialSavedSchema,
          ...failures(...GUARDED, 'input/not-found', 'matching/not-a-group', 'matching/criterion-unreadable'),
        },
      },
    },
    async (request) => {
      const { study: saved } = request.params
      return { study: saved, words: await trials.save(staff(request).tenant, saved, request.body.criteria) }
    },
  )
  app.post(
    '/research/trials/:study/counts',
    {
      onRequest: office,
      schema: {
        tags: ['research'],
        params: ofStudy,
        response: {
          201: trialCountOpenedSchema,
          ...failures(...OF_CIRCLE, 'rounds/busy', 'rounds/too-few-hospitals', 'rounds/small-group'),
        },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      return reply.code(201).send({ round: await trials.count(tenant, request.params.study, account) })
    },
  )

  const hospital = requireStaff(gateway, 'hospital')
  app.get(
    '/hospital/trials',
    { onRequest: hospital, schema: { tags: ['hospital'], response: { 200: hospitalTrialsSchema, ...failures(...OF_CIRCLE) } } },
    async () => ({ items: await trials.asked() }),
  )
  app.get(
    '/hospital/trials/:study/matches',
    {
      onRequest: hospital,
      schema: { tags: ['hospital'], params: ofStudy, response: { 200: trialMatchesSchema, ...failures(...OF_CIRCLE) } },
    },
    async (request) => {
      const { tenant } = staff(request)
      const { items, totals } = await trials.matches(tenant, request.params.study)
      return { items: await withPatients(gateway.records, tenant.slug, items), totals }
    },
  )
  app.post(
    '/hospital/trials/:study/invitations',
    {
      onRequest: hospital,
      schema: {
        tags: ['hospital'],
        params: ofStudy,
        body: inviteBodySchema,
        response: { 200: invitedSchema, ...failures(...OF_CIRCLE, 'record/other-hospital', 'trial/study-over') },
      },
    },
    async (request) => await trials.invite(staff(request).tenant, request.params.study, request.body.records),
  )

  const patient = requirePatient(gateway)
  app.get(
    '/patient/invitations',
    { onRequest: patient, schema: { tags: ['patient'], response: { 200: invitationsSchema, ...failures(...GUARDED) } } },
    async (request) => ({ items: await trials.ofPatient(signedIn(request).account) }),
  )
  app.post(
    '/patient/invitations/:invitation/acceptance',
    {
      onRequest: patient,
      schema: {
        tags: ['patient'],
        params: ofInvitation,
        response: { 200: invitationDraftSchema, ...failures(...OF_INVITATION, 'trial/study-over', 'trial/no-details') },
      },
    },
    async (request) => ({ terms: await trials.draft(signedIn(request).account, request.params.invitation) }),
  )
  app.post(
    '/patient/invitations/:invitation/consent',
    {
      onRequest: patient,
      schema: {
        tags: ['patient'],
        params: ofInvitation,
        body: invitationConsentBodySchema,
        response: { 200: invitationAnswerSchema, ...failures(...OF_INVITATION, 'trial/no-consent', 'context/unreachable') },
      },
    },
    async (request) => {
      await trials.accepted(signedIn(request).account, request.params.invitation, request.body.commitment)
      return { state: 'accepted' as const }
    },
  )
  app.post(
    '/patient/invitations/:invitation/decline',
    {
      onRequest: patient,
      schema: { tags: ['patient'], params: ofInvitation, response: { 200: invitationAnswerSchema, ...failures(...OF_INVITATION) } },
    },
    async (request) => {
      await trials.decline(signedIn(request).account, request.params.invitation)
      return { state: 'declined' as const }
    },
  )
}
