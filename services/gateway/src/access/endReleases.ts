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
  const work = ended.flatMap(({ patient, commitment }) =>
    tenants.hospitals.map(
      ({ slug }) =>
        () =>
          releases.destroyOfConsent(slug, patient, commitment),
    ),
  )
  await allOf(work)
}

/** Destroys the sealed data of every consent that is over or has ended, also when nobody was running to hear of it. */
export async function sweepReleases({ chain, tenants, journal, releases }: EndReleasesOptions): Promise<void> {
  await allOf(
    tenants.hospitals.map(({ slug }) => async () => {
      await releases.destroyOverdue(slug, chain.nowS())
      const entries = await journal.byDigest(slug, await releases.live(slug))
      for (const { digest, details } of entries.values()) {
        const { status } = chain.state.consents.accepted(details.patient, details.commitment)
        if (status === 'revoked' || status === 'replaced') await releases.destroy(slug, digest)
      }
    }),
  )
}

/** Does all of it, one after another; what fails keeps nothing else from being done, and is thrown at the end. */
async function allOf(work: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const each of work) {
    try {
      await each()
    } catch (failure) {
      failures.push(failure)
    }
  }
  if (failures.length > 0) throw failures[0]
}
