import type { FiledTerms } from '@medsync/context'
import { type AccountAddress, type Grant, grantsSchema, type OrganisationId, pageQuerySchema, ZERO } from '@medsync/protocol'
import { requireStaff, staff } from '../auth/guards.ts'
import type { Gateway } from '../composition.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readPlace, writePlace } from '../http/placeCursor.ts'
import type { Routes } from '../server.ts'

/** Terms looked at in one go while a page is filled. */
const STRIDE = 200
/** How often, before the caller is told where to go on. */
const MOST_ROUNDS = 10

/** GET /research/consents: what patients have granted to the own office, as far as it is active now. */
export const grantsRoutes: Routes = async (app, { gateway }) => {
  app.get(
    '/research/consents',
    {
      onRequest: requireStaff(gateway, 'research'),
      schema: { tags: ['research'], querystring: pageQuerySchema, response: { 200: grantsSchema, ...failures(...GUARDED) } },
    },
    async (request) => {
      const { limit, after } = request.query
      return await activeGrants(gateway, staff(request).participant.organisation, { limit, after: readPlace(after) })
    },
  )
}

/** Every row passes the same test on every page: granted to this office, in a block, neither ended nor over. */
async function activeGrants(
  gateway: Gateway,
  office: OrganisationId,
  { limit, after }: { limit: number; after: string | null },
): Promise<{ items: Grant[]; next: string | null }> {
  const items: Grant[] = []
  const holders = new Map<AccountAddress, Promise<OrganisationId[]>>()
  let from: string | null = after
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    const page = await gateway.context.termsForGrantee(office, { after: from, limit: STRIDE })
    for (const filed of page.items) {
      if (!isActive(gateway, filed, office)) continue
      if (items.length === limit) return { items, next: writePlace(from) }
      const hospitals = holders.get(filed.patient) ?? hospitalsOf(gateway, filed.patient)
      holders.set(filed.patient, hospitals)
      items.push(grantOf(gateway, filed, await hospitals))
      from = filed.place
    }
    if (page.next === null) return { items, next: null }
    from = page.next
  }
  return { items, next: writePlace(from) }
}

function isActive({ chain }: Gateway, { patient, commitment, terms }: FiledTerms, office: OrganisationId): boolean {
  const isStanding = chain.state.consents.effective(patient, commitment) === 'active'
  return isStanding && terms.grantee === office && chain.nowS() < terms.expiresAtS
}

function grantOf({ chain }: Gateway, { commitment, patient, terms }: FiledTerms, hospitals: readonly OrganisationId[]): Grant {
  return {
    commitment,
    patient,
    terms,
    hospitals: hospitals.filter((hospital) => terms.custodian === ZERO || terms.custodian === hospital),
    grantedAtS: chain.state.consents.accepted(patient, commitment).grantedAtS,
  }
}

/** Hospitals served here that the catalogue lists for a patient; whether the record is still there is decided when it is asked for. */
async function hospitalsOf({ context, tenants }: Gateway, patient: AccountAddress): Promise<OrganisationId[]> {
  const holders = await context.hospitalsOf(patient)
  return holders.filter((hospital) => tenants.find(hospital) !== undefined)
}
