import type { AccountAddress, LiveEvent, OrganisationId } from '@medsync/protocol'

/** Who is told of an event. */
export type Audience = { readonly account: AccountAddress } | { readonly organisation: OrganisationId } | 'all'

/** One event with its place in the stream. */
export type PublishedEvent = { readonly id: string; readonly audience: Audience; readonly event: LiveEvent }

/** Takes events from every room and hands them to the streams that may see them. */
export type EventHub = {
  /** Tells the audience. Ids only: what an event says is loaded again by whoever may see it. */
  publish(message: { readonly audience: Audience; readonly event: LiveEvent }): void
  /** Calls `listen` for every event from now on; the result ends it. */
  subscribe(listen: (published: PublishedEvent) => void): () => void
  /** Id of the latest event; where a stream that begins now begins. */
  readonly lastId: string
  /** What came after `lastId`; undefined when that is too long ago (or from before a restart) to say. */
  since(lastId: string): readonly PublishedEvent[] | undefined
}
