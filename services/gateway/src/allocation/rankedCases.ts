import type { AccountAddress, CaseId, CaseStatus, OrganisationId, RecordId } from '@medsync/protocol'
import type { Cases } from '../urgency/cases.ts'

/** A case that can be given a place, with where it stood in the last ranking; `rank` is null for one that was not in it. No score is in it. */
export type RankedCase = {
  readonly caseId: CaseId
  readonly record: RecordId
  readonly specialty: string
  readonly status: CaseStatus
  readonly rank: { readonly round: string; readonly rank: number; readonly total: number } | null
}

/** The cases of the hospitals served here, as allocation sees them. */
export type RankedCases = {
  /** All of a hospital. @throws {ContextUnavailableError} Where they are kept cannot be reached. */
  all(organisation: OrganisationId): Promise<ReadonlyMap<CaseId, RankedCase>>
  /** Moves one on or back. */
  setStatus(organisation: OrganisationId, caseId: CaseId, status: CaseStatus, by: AccountAddress): Promise<void>
}

const ALL = { limit: Number.MAX_SAFE_INTEGER, after: undefined, status: undefined }

/** The cases of the urgency room, without what they are ranked by. */
export function rankedCases(cases: Pick<Cases, 'list' | 'setStatus'>): RankedCases {
  return {
    all: async (organisation) => {
      const { items } = await cases.list(organisation, ALL)
      return new Map(
        items.map(({ case: caseId, record, specialty, status, rank }) => [caseId, { caseId, record, specialty, status, rank }]),
      )
    },
    setStatus: (organisation, caseId, status, by) => cases.setStatus(organisation, caseId, status, by),
  }
}
