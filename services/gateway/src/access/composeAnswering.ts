import type { PrivateContext } from '@medsync/context'
import type { AccountAddress, Commitment, OrganisationId } from '@medsync/protocol'
import type { Logger } from 'pino'
import { type ChainChange, FollowedChain } from '../chain/followedChain.ts'
import { messagesOf } from '../chain/liveEvents.ts'
import type { Clock } from '../clock.ts'
import { ContextBridge } from '../context/bridge.ts'
import { Catalogue } from '../context/catalogue.ts'
import type { Circle } from '../context/circle.ts'
import { CircleContext } from '../context/circleContext.ts'
import { ConfirmedHospitals } from '../context/confirmedHospitals.ts'
import { ContextKeys } from '../context/contextKeys.ts'
import { Filings } from '../context/filings.ts'
import { NodeWatch } from '../context/nodeWatch.ts'
import { PartyLabels } from '../context/partyLabels.ts'
import { Publisher } from '../context/publisher.ts'
import { publishKeys } from '../context/publishKeys.ts'
import { syncCatalogue } from '../context/syncCatalogue.ts'
import type { Database } from '../database/database.ts'
import type { Deployment } from '../deployment.ts'
import type { Links } from '../enrolment/links.ts'
import type { GatewayEnv } from '../env.ts'
import type { EventHub } from '../events/eventHub.ts'
import { framesOf } from '../http/framesOf.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import type { Records } from '../records/records.ts'
import { FiledRequests } from '../requests/filedRequests.ts'
import { FiledStudies } from '../studies/filedStudies.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { AccessWorker } from './accessWorker.ts'
import { FiledDisputes } from './filedDisputes.ts'
import { Journal } from './journal.ts'
import { Operators } from './operators.ts'
import type { ReleaseLimits } from './releaseLimits.ts'
import { Releases } from './releases.ts'
import { RequestJobs } from './requestJobs.ts'

/** What the answering half of a gateway is made of. */
export type AnsweringOptions = {
  readonly env: GatewayEnv
  readonly log: Logger
  readonly clock: Clock
  readonly keys: KeyRing
  readonly database: Database
  readonly tenants: Tenants
  readonly deployment: Deployment
  readonly events: EventHub
  readonly records: Records
  readonly circle: Circle
  readonly links: Links
}

/** The parts that other rooms use. */
export type AnsweringParts = {
  readonly chain: FollowedChain
  readonly context: PrivateContext
  readonly bridge: ContextBridge
  readonly nodeWatch: NodeWatch
  readonly filedRequests: FiledRequests
  readonly filedStudies: FiledStudies
  readonly filedDisputes: FiledDisputes
  readonly journal: Journal
  readonly releases: Releases
  readonly releaseLimits: ReleaseLimits
  readonly jobs: RequestJobs
  readonly access: AccessWorker
}

/** The half of a gateway that follows the chain and answers requests. */
export type Answering = AnsweringParts & { readonly parts: AnsweringParts; start(): void; stop(): Promise<void> }

/** Makes it; nothing runs before `start`. */
export function composeAnswering(options: AnsweringOptions): Answering {
  const { env, log, keys, tenants, deployment, events, database, clock } = options
  const stopping = new AbortController()
  const chain = new FollowedChain({ deployment, database, keys, clock, log, everyMs: env.FOLLOW_EVERY_MS })
  const filedRequests = new FiledRequests({ database, keys, clock })
  const journal = new Journal({ database, keys, clock })
  const releases = new Releases({ database, keys, clock })
  const releaseLimits = { maxBytes: env.MAX_RELEASE_BYTES, maxResources: env.MAX_RELEASE_RESOURCES }
  const jobs = new RequestJobs({ database, clock })
  const operators = new Operators(tenants, deployment, stopping.signal, () => database.requireWriter())
  const { context, bridge, nodeWatch } = composeContext({ ...options, chain, operators, stopping })
  const answering = { chain, context, filedRequests, journal, releases, releaseLimits, jobs }
  const access = new AccessWorker({ ...options, ...answering, operators, stopping })
  const filedStudies = new FiledStudies({ database, keys, clock })
  const filedDisputes = new FiledDisputes({ database, keys, clock })
  const parts = { ...answering, bridge, nodeWatch, filedStudies, filedDisputes, access }
  return {
    ...parts,
    parts,
    start: () => {
      publishChanges({ chain, context, events, log })
      keepCatalogue({ ...options, context, bridge })
      bridge.onReach((isReachable) => {
        events.publish({ audience: 'all', event: { type: isReachable ? 'context.up' : 'context.down' } })
        if (isReachable) access.wake()
      })
      bridge.onMembers(() => events.publish({ audience: 'all', event: { type: 'circle.changed' } }))
      nodeWatch.subscribe(() => events.publish({ audience: 'all', event: { type: 'circle.changed' } }))
      chain.start()
      bridge.start()
      nodeWatch.start()
      access.start()
    },
    stop: async () => {
      await access.stop()
      await chain.stop()
      await Promise.all([nodeWatch.stop(), bridge.stop()])
    },
  }
}

/** The private context of the circle, and what keeps it in step. */
function composeContext(
  options: AnsweringOptions & { readonly chain: FollowedChain; readonly operators: Operators; readonly stopping: AbortController },
): { context: PrivateContext; bridge: ContextBridge; nodeWatch: NodeWatch } {
  const { circle, deployment, chain, tenants, operators, stopping } = options
  const keys = new ContextKeys(options.keys, tenants)
  const filings = new Filings(options)
  const catalogue = new Catalogue({ circle, keys: options.keys })
  const confirmed = new ConfirmedHospitals(options)
  const holdersHere = async (patient: AccountAddress) => (await options.records.recordsOf(patient)).map(({ hospital }) => hospital)
  const labels = new PartyLabels(deployment)
  const onChain = () => chain.state
  const publisher = new Publisher({ circle, filings, confirmed, keys, labels, deployment, onChain, holdersHere })
  const participants = () => chain.state.participants
  const bridge = new ContextBridge({
    ...options,
    catalogue,
    publisher,
    filings,
    keys,
    publishKeys: () => publishKeys({ circle, tenants, keys, operators, deployment, participants, signal: stopping.signal }),
  })
  const isGranted = (patient: AccountAddress, commitment: Commitment) => chain.state.consents.effective(patient, commitment) !== 'unknown'
  const parts = { circle, keys, labels, tenants, onChain, filings, publisher, catalogue, confirmed, deployment, isGranted }
  const doubtFilings = () => filings.doubt()
  const requestSync = () => bridge.fallBehind()
  const { clock, log } = options
  return { context: new CircleContext(parts), bridge, nodeWatch: new NodeWatch({ circle, clock, log, doubtFilings, requestSync }) }
}

/** Lists a record in the catalogue when it is linked, and takes it out when the link ends. */
function keepCatalogue(options: AnsweringOptions & { readonly context: PrivateContext; readonly bridge: ContextBridge }): void {
  options.events.subscribe(({ audience, event }) => {
    if (event.type !== 'record.linked' || audience === 'all' || !('account' in audience)) return
    syncCatalogue(options, audience.account).catch((failure: unknown) => {
      options.log.warn({ event: 'catalogue.not-kept', cause: framesOf(failure) }, 'kept when the circle is back')
      options.bridge.fallBehind()
    })
  })
}

/** Tells portals what the chain says, in its order. */
function publishChanges({
  chain,
  context,
  events,
  log,
}: {
  chain: FollowedChain
  context: PrivateContext
  events: EventHub
  log: Logger
}): void {
  const complain = (failure: unknown): void => log.warn({ event: 'events.not-told', cause: framesOf(failure) }, 'not told')
  const granteesOf = async (commitment: Commitment): Promise<OrganisationId[]> => {
    try {
      const filed = await context.termsByCommitment(commitment)
      return filed === undefined ? [] : [filed.terms.grantee]
    } catch (failure) {
      // The patient is told whether or not the context says who else is concerned.
      complain(failure)
      return []
    }
  }
  const publish = async (change: ChainChange): Promise<void> => {
    for (const event of change.events) {
      try {
        for (const message of await messagesOf(event, chain.state, granteesOf)) events.publish(message)
      } catch (failure) {
        complain(failure)
      }
    }
  }
  let told: Promise<void> = Promise.resolve()
  chain.onChange((change) => {
    if (!change.isNews) return
    told = told.then(() => publish(change)).catch(complain)
  })
  chain.onReach((isReachable) => events.publish({ audience: 'all', event: { type: isReachable ? 'chain.up' : 'chain.down' } }))
}
