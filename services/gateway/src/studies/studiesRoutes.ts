import {
  DISPUTE_TIME_S,
  fileStudyBodySchema,
  fileStudySchema,
  pageQuerySchema,
  type StudyDetails,
  StudyTermsError,
  type StudyView,
  studiesSchema,
  studyDetailsHash,
} from '@medsync/protocol'
import { requireStaff, staff } from '../auth/guards.ts'
import type { KnownStudy } from '../chain/poolState.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readSequence, writeSequence } from '../http/sequenceCursor.ts'
import type { Routes } from '../server.ts'

/** POST /research/studies keeps a description; GET /research/studies lists the own studies as the chain has them. */
export const studiesRoutes: Routes = async (app, { gateway }) => {
  const onRequest = requireStaff(gateway, 'research')
  app.post(
    '/research/studies',
    {
      onRequest,
      schema: {
        tags: ['research'],
        body: fileStudyBodySchema,
        response: { 200: fileStudySchema, ...failures(...GUARDED, 'study/details-mismatch') },
      },
    },
    async (request) => {
      const { details, salt, hash } = request.body
      if (studyDetailsHash(details, salt) !== hash) throw new StudyTermsError('study/details-mismatch')
      await gateway.filedStudies.file(staff(request).tenant.slug, { details, salt, hash })
      return { hash }
    },
  )

  app.get(
    '/research/studies',
    { onRequest, schema: { tags: ['research'], querystring: pageQuerySchema, response: { 200: studiesSchema, ...failures(...GUARDED) } } },
    async (request) => {
      const { limit, after } = request.query
      const before = readSequence(after) ?? Number.POSITIVE_INFINITY
      const { participant, tenant } = staff(request)
      const below = gateway.chain.state.pool.studiesOf(participant.organisation).filter(({ study }) => study < before)
      const shown = below.slice(0, limit)
      const details = await gateway.filedStudies.find(
        tenant.slug,
        shown.map(({ terms }) => terms.details),
      )
      return {
        items: shown.map((study) => viewOf(study, details.get(study.terms.details))),
        next: writeSequence(below.length > limit ? shown.at(-1)?.study : null),
      }
    },
  )
}

function viewOf({ terms, ...known }: KnownStudy, details: StudyDetails | undefined): StudyView {
  const { study, funder, state, openRequests, settled, cohort, openDisputes, upheld } = known
  return {
    study,
    organisation: terms.organisation,
    funder,
    purposeIndex: terms.purposeIndex,
    token: terms.token,
    price: String(terms.price),
    hospitalBps: terms.hospitalBps,
    poolBps: terms.poolBps,
    capPerPatient: terms.capPerPatient,
    minCohort: terms.minCohort,
    bond: String(terms.bond),
    deadlineS: terms.deadlineS,
    answerWithinS: terms.answerWithinS,
    state,
    available: String(known.available),
    openRequests,
    settled,
    cohort,
    openDisputes,
    upheld,
    closesAtS: terms.deadlineS + terms.answerWithinS + DISPUTE_TIME_S,
    details: details ?? null,
  }
}
