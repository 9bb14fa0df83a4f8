import type { CaseId, CaseRank, OrganisationId } from '@medsync/protocol'

/** A case that waits, as a ranking needs it: the score that counts, whole, 0-100. Never leaves the hospital's own gateway in clear. */
export type WaitingCase = { readonly caseId: CaseId; readonly score: number; readonly specialty: string }

/** What a ranking with other hospitals said of a hospital's own cases: place from 1, of `total`. Case ids as `waiting` gave them. */
export type Ranking = { readonly round: string; readonly total: number; readonly ranks: ReadonlyMap<string, number> }

/** The cases of the hospitals served here, as rounds see them. `Cases` is the one that there is. */
export type RankedCases = {
  /**
   * All waiting cases of a hospital, oldest arrival first.
   * @throws {ContextUnavailableError} Its vault cannot be reached. @throws {NotFoundError} It is not served here.
   */
  waiting(organisation: OrganisationId): Promise<readonly WaitingCase[]>
  /** Keeps a ranking in the hospital's vault, in place of the one before. Ids that are no cases of it are left out. */
  keepRanks(organisation: OrganisationId, ranking: Ranking): Promise<void>
  /** Where a case stood in the last ranking; undefined when it took part in none. */
  rankOf(organisation: OrganisationId, caseId: CaseId): Promise<CaseRank | undefined>
}
