import { fileConsentBodySchema, fileConsentSchema, pageQuerySchema, patientConsentsSchema } from '@medsync/protocol'
import { requirePatient, signedIn } from '../auth/guards.ts'
import { syncCatalogue } from '../context/syncCatalogue.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readPlace, writePlace } from '../http/placeCursor.ts'
import type { Routes } from '../server.ts'
import { fileConsent } from './fileConsent.ts'

/** POST /patient/consents files terms; GET /patient/consents shows the own ones with what the chain says of them. */
export const consentsRoutes: Routes = async (app, { gateway }) => {
  const tags = ['patient']
  app.post(
    '/patient/consents',
    {
      onRequest: requirePatient(gateway),
      schema: {
        tags,
        body: fileConsentBodySchema,
        response: {
          200: fileConsentSchema,
          ...failures(
            ...GUARDED,
            'consent/commitment-mismatch',
            'consent/zero-salt',
            'consent/no-purpose',
            'consent/unknown-purpose',
            'consent/no-category',
            'consent/expiry-in-past',
            'consent/ends-before-start',
            'consent/empty-data-period',
            'consent/unknown-grantee',
            'consent/too-many-drafts',
            'chain/unreachable',
            'context/unreachable',
          ),
        },
      },
    },
    async (request) => {
      gateway.chain.requireFresh()
      const { account } = signedIn(request)
      await fileConsent(gateway, account, request.body)
      await syncCatalogue(gateway, account)
      return { commitment: request.body.commitment }
    },
  )

  app.get(
    '/patient/consents',
    {
      onRequest: requirePatient(gateway),
      schema: { tags, querystring: pageQuerySchema, response: { 200: patientConsentsSchema, ...failures(...GUARDED) } },
    },
    async (request) => {
      const { account } = signedIn(request)
      const { limit, after } = request.query
      const page = await gateway.context.termsOfPatient(account, { limit, after: readPlace(after) })
      return {
        items: page.items.map(({ commitment, terms, salts, nonce, filedAtS }) => {
          const state = gateway.chain.state.consents.accepted(account, commitment)
          return { commitment, terms, salts, nonce, filedAtS, state }
        }),
        next: writePlace(page.next),
      }
    },
  )
}
