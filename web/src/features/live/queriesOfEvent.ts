import type { LiveEvent } from '@medsync/protocol'

/** What the pages load, by the second part of its query key: `['mine', subject, ...]`. */
const SUBJECTS = [
  'consents',
  'accesses',
  'owed',
  'claims',
  'records',
  'grants',
  'studies',
  'requests',
  'hospital-records',
  'hospital-requests',
  'journal',
  'balance',
  'compensation',
  'circle',
  'cases',
  'rounds',
  'allocation',
  'invitations',
] as const
export type Subject = (typeof SUBJECTS)[number]

const byType: Record<LiveEvent['type'], readonly Subject[]> = {
  'consent.granted': ['consents', 'grants'],
  'consent.revoked': ['consents', 'grants', 'requests'],
  'consent.replaced': ['consents', 'grants', 'requests'],
  'access.logged': ['accesses', 'journal', 'owed'],
  'request.opened': ['requests', 'hospital-requests', 'studies'],
  'request.settled': ['requests', 'hospital-requests', 'studies', 'journal', 'owed'],
  'request.refused': ['requests', 'hospital-requests', 'studies', 'journal'],
  'request.expired': ['requests', 'hospital-requests', 'studies'],
  'request.progress': ['requests', 'hospital-requests', 'journal'],
  'study.opened': ['studies', 'balance'],
  'study.funded': ['studies', 'balance'],
  'study.refunded': ['studies', 'balance'],
  'study.disputed': ['studies'],
  'study.closed': ['studies', 'owed'],
  'dispute.opened': ['accesses', 'journal'],
  'dispute.resolved': ['accesses', 'compensation', 'journal'],
  'pool.paused': ['requests', 'hospital-requests'],
  'pool.unpaused': ['requests', 'hospital-requests'],
  'reward.credited': ['owed', 'accesses', 'compensation'],
  'reward.claimed': ['owed', 'claims', 'balance'],
  'record.linked': ['records', 'hospital-records', 'grants'],
  'upload.progress': [],
  'chain.down': [],
  'chain.up': SUBJECTS,
  'context.down': [],
  'context.up': ['consents', 'grants', 'circle', 'cases', 'rounds', 'allocation'],
  'circle.changed': ['circle'],
  'case.changed': ['cases'],
  'case.ranked': ['cases', 'allocation'],
  'round.changed': ['rounds'],
  'allocation.changed': ['allocation', 'cases'],
  'invitation.changed': ['invitations'],
  'stream.gap': SUBJECTS,
}

/** What must be loaded again after an event. */
export function queriesOfEvent(event: LiveEvent): readonly Subject[] {
  return byType[event.type]
}
