import type { ChainEvent } from '@medsync/chain'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { Journal } from './journal.ts'
import type { Releases } from './releases.ts'

/** What ending releases needs. */
export type EndReleasesOptions = {
  readonly chain: FollowedChain
  readonly tenants: Tenants
  readonly journal: Journal
  readonly releases: Releases
}

/** Destroys the sealed data of every consent that these events end. */
export async function endReleases({ tenants, releases }: EndReleasesOptions, events: readonly ChainEvent[]): Promise<void> {
  const ended = events.flatMap((event) => {
    if (event.type === 'ConsentRevoked') return [{ patient: event.patient, commitment: event.commitment }]
    return event.type === 'ConsentReplaced' ? [{ patient: event.patient, commitment: event.old }] : []
  })
  for (const { patient, commitment } of ended) {
    for (const { slug } of tenants.hospitals) await releases.destroyOfConsent(slug, patient, commitment)
  }
}

/** Destroys the sealed data of every consent that is over or has ended, also when nobody was running to hear of it. */
export async function sweepReleases({ chain, tenants, journal, releases }: EndReleasesOptions): Promise<void> {
  for (const { slug } of tenants.hospitals) {
    await releases.destroyOverdue(slug, chain.nowS())
    const entries = await journal.byDigest(slug, await releases.live(slug))
    for (const { digest, details } of entries.values()) {
      const { status } = chain.state.consents.accepted(details.patient, details.commitment)
      if (status === 'revoked' || status === 'replaced') await releases.destroy(slug, digest)
    }
  }
}
