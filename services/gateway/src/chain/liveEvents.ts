import type { ChainEvent } from '@medsync/chain'
import type { AccountAddress, Commitment, Felt, LiveEvent, OrganisationId, RequestId, StudyId } from '@medsync/protocol'
import type { Audience } from '../events/eventHub.ts'
import type { ChainState } from './chainState.ts'

/** One event for one audience. */
export type Message = { readonly audience: Audience; readonly event: LiveEvent }

/**
 * Who is told what of an event on chain. Ids only, and only to those whom it is about.
 * @param state - With the event already taken in.
 * @param granteesOf - Whom a consent is for, when its terms are kept here.
 */
export async function messagesOf(
  event: ChainEvent,
  state: ChainState,
  granteesOf: (commitment: Commitment) => Promise<readonly OrganisationId[]>,
): Promise<Message[]> {
  switch (event.type) {
    case 'ConsentGranted':
      return await consent('consent.granted', event.patient, event.commitment)
    case 'ConsentRevoked':
      return await consent('consent.revoked', event.patient, event.commitment)
    case 'ConsentReplaced':
      return [
        ...(await consent('consent.replaced', event.patient, event.old)),
        ...(await consent('consent.granted', event.patient, event.new)),
      ]
    case 'EntryAppended': {
      const logged = { type: 'access.logged', index: event.index, kind: event.kind, transaction: event.at.transaction } as const
      return [
        { audience: { account: event.patient }, event: logged },
        { audience: { organisation: event.hospital }, event: logged },
      ]
    }
    case 'StudyOpened':
      return study('study.opened', event.study)
    case 'StudyFunded':
      return study('study.funded', event.study)
    case 'StudyRefunded':
      return study('study.refunded', event.study)
    case 'StudyClosed':
      return [...study('study.closed', event.study), ...credit(event.study, { account: event.funder })]
    case 'StudyDisputed':
    case 'StudyDisputeEnded':
      return study('study.disputed', event.study)
    case 'PatientCompensated':
      return credit(event.study, { account: event.patient })
    case 'Paused':
      return [{ audience: 'all', event: { type: 'pool.paused' } }]
    case 'Unpaused':
      return [{ audience: 'all', event: { type: 'pool.unpaused' } }]
    case 'DisputeOpened':
      return dispute('dispute.opened', event)
    case 'DisputeResolved':
      return dispute('dispute.resolved', event)
    case 'RequestOpened':
      return request('request.opened', event.request)
    case 'RequestRefused':
      return request('request.refused', event.request)
    case 'RequestExpired':
      return request('request.expired', event.request)
    case 'RequestSettled':
      return [
        ...request('request.settled', event.request),
        ...credit(event.study, { account: event.patient }),
        ...credit(event.study, { organisation: event.hospital }),
      ]
    case 'RewardClaimed':
      return [reward('reward.claimed', { account: event.account }, event.token)]
    case 'OrganisationRewardClaimed':
      return [reward('reward.claimed', { organisation: event.organisation }, event.token)]
    default:
      return []
  }

  async function consent(
    type: 'consent.granted' | 'consent.revoked' | 'consent.replaced',
    patient: AccountAddress,
    commitment: Commitment,
  ): Promise<Message[]> {
    const grantees = await granteesOf(commitment)
    const audiences: Audience[] = [{ account: patient }, ...grantees.map((organisation) => ({ organisation }))]
    return audiences.map((audience) => ({ audience, event: { type, commitment } }))
  }

  function dispute(
    type: 'dispute.opened' | 'dispute.resolved',
    { patient, entryId }: { patient: AccountAddress; entryId: Felt },
  ): Message[] {
    const hospital = state.logs.disputesOf(patient).get(entryId)?.hospital
    const audiences: Audience[] = [{ account: patient }, ...(hospital === undefined ? [] : [{ organisation: hospital }])]
    return audiences.map((audience) => ({ audience, event: { type, entry: entryId } }))
  }

  function study(type: 'study.opened' | 'study.funded' | 'study.refunded' | 'study.disputed' | 'study.closed', id: StudyId): Message[] {
    const organisation = state.pool.study(id)?.terms.organisation
    return organisation === undefined ? [] : [{ audience: { organisation }, event: { type, study: id } }]
  }

  function request(type: 'request.opened' | 'request.settled' | 'request.refused' | 'request.expired', id: RequestId): Message[] {
    const found = state.pool.request(id)
    if (found === undefined) return []
    const office = state.pool.study(found.study)?.terms.organisation
    const organisations = [found.hospital, ...(office === undefined ? [] : [office])]
    return organisations.map((organisation) => ({ audience: { organisation }, event: { type, digest: found.digest } }))
  }

  function credit(id: StudyId, audience: Audience): Message[] {
    const token = state.pool.study(id)?.terms.token
    return token === undefined ? [] : [reward('reward.credited', audience, token)]
  }

  function reward(type: 'reward.credited' | 'reward.claimed', audience: Audience, token: AccountAddress): Message {
    return { audience, event: { type, token } }
  }
}
