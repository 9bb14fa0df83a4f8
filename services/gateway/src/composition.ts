import { randomBytes } from 'node:crypto'
import type { PrivateContext } from '@medsync/context'
import type { AccountAddress, RecordId } from '@medsync/protocol'
import { type Logger, pino } from 'pino'
import type { AccessWorker } from './access/accessWorker.ts'
import { composeAnswering } from './access/composeAnswering.ts'
import type { FiledDisputes } from './access/filedDisputes.ts'
import type { Journal } from './access/journal.ts'
import type { ReleaseLimits } from './access/releaseLimits.ts'
import type { Releases } from './access/releases.ts'
import type { RequestJobs } from './access/requestJobs.ts'
import type { Allocations } from './allocation/allocations.ts'
import { type AllocationPace, composeAllocation } from './allocation/composeAllocation.ts'
import type { Supply } from './allocation/supply.ts'
import { AccessTokens } from './auth/accessTokens.ts'
import { Challenges } from './auth/challenges.ts'
import { RefreshTokens } from './auth/refreshTokens.ts'
import type { Roles } from './auth/roles.ts'
import type { FollowedChain } from './chain/followedChain.ts'
import { type Clock, systemClock } from './clock.ts'
import type { ContextBridge } from './context/bridge.ts'
import type { Circle } from './context/circle.ts'
import type { NodeWatch } from './context/nodeWatch.ts'
import { openCircle } from './context/openCircle.ts'
import type { Database } from './database/database.ts'
import { openDatabase, type Turn } from './database/openDatabase.ts'
import { type Deployment, readDeployment } from './deployment.ts'
import { Enrolments } from './enrolment/enrolments.ts'
import { Links } from './enrolment/links.ts'
import type { GatewayEnv } from './env.ts'
import { BoundedEventHub } from './events/boundedEventHub.ts'
import type { EventHub } from './events/eventHub.ts'
import { framesOf } from './http/framesOf.ts'
import { KeyRing } from './keys/keyRing.ts'
import { readMasterKey } from './keys/readMasterKey.ts'
import type { BundleContents } from './records/bundleContents.ts'
import { BundleReader } from './records/bundleReader.ts'
import { RecordKeys } from './records/recordKeys.ts'
import { listVersions } from './records/recordVersions.ts'
import { type Restoring, restoreVersion, type Saved, saveRecord } from './records/saveRecord.ts'
import { SealedRecords } from './records/sealedRecords.ts'
import { BundleTaker } from './records/takeBundle.ts'
import type { FiledRequests } from './requests/filedRequests.ts'
import { composeRounds } from './rounds/composeRounds.ts'
import type { Rounds } from './rounds/rounds.ts'
import type { FiledStudies } from './studies/filedStudies.ts'
import { readTenants, type Tenants } from './tenants/tenants.ts'
import { Invitations } from './trials/invitations.ts'
import { SavedTrials } from './trials/savedTrials.ts'
import { Trials } from './trials/trials.ts'
import { askOllama } from './urgency/askOllama.ts'
import type { CaseModel } from './urgency/caseModel.ts'
import type { Cases } from './urgency/cases.ts'
import { composeCases } from './urgency/composeCases.ts'

/** Whether the gateway may decide now. */
export type ChainHealth = { isReachable(): boolean; isCaughtUp(): boolean }

/** Everything that routes and workers need, made once at start. Each room adds its part here and takes the others' from here. */
export type Gateway = {
  readonly env: GatewayEnv
  readonly log: Logger
  readonly clock: Clock
  readonly keys: KeyRing
  readonly database: Database
  readonly tenants: Tenants
  readonly deployment: Deployment
  readonly events: EventHub
  readonly roles: Roles
  readonly chainHealth: ChainHealth
  readonly accessTokens: AccessTokens
  readonly challenges: Challenges
  readonly refreshTokens: RefreshTokens
  /** Records of the hospitals served here; a `Records`, and the hospitals' own lists. */
  readonly records: SealedRecords
  readonly bundles: BundleTaker
  /** Stores a Bundle that was read. @param confirmation - As `saveRecord` takes it. */
  saveRecord(tenant: string, contents: BundleContents, by: AccountAddress, confirmation?: string): Promise<Saved>
  /** Goes back to an earlier version of a record. */
  restoreVersion(tenant: string, restoring: Restoring): ReturnType<typeof restoreVersion>
  /** The versions of a record, newest first. */
  listVersions(tenant: string, record: RecordId, page: { limit: number; before: number | undefined }): ReturnType<typeof listVersions>
  readonly enrolments: Enrolments
  /** What the contracts hold, followed by their events. */
  readonly chain: FollowedChain
  readonly context: PrivateContext
  /** The hospitals' circle, as this gateway takes part in it. */
  readonly circle: Circle
  /** Cases of the hospitals served here, and how urgent they are. */
  readonly cases: Cases
  /** What hospitals compute together. */
  readonly rounds: Rounds
  /** Keeps the private context in step; says whether it can be reached. */
  readonly bridge: ContextBridge
  /** Watches whether our Calimero nodes have the same shared state as the others, and repairs what differs. */
  readonly nodeWatch: NodeWatch
  readonly filedRequests: FiledRequests
  readonly filedStudies: FiledStudies
  readonly filedDisputes: FiledDisputes
  readonly journal: Journal
  readonly releases: Releases
  /** The most that one release may hold. */
  readonly releaseLimits: ReleaseLimits
  /** Tries to answer requests that failed, and requests that wait for staff. */
  readonly jobs: RequestJobs
  /** Answers requests. */
  readonly access: AccessWorker
  /** What the hospitals served here offer to cases of all hospitals. */
  readonly supply: Supply
  /** Gives cases of all hospitals their places. */
  readonly allocations: Allocations
  /** Who fits which study, and whom to invite. */
  readonly trials: Trials
  /** Ends workers, then the database. Called once, after the server has closed. */
  stop(): Promise<void>
}

/** Uploads that are read at the same time; each thread holds 200 MB of FHIR definitions while there is something to read. */
const UPLOAD_THREADS = 3
/** How long the check of a few observations may take. */
const BEDSIDE_TIMEOUT_MS = 10_000

/** What tests put in the place of a part that another process or a later room provides. */
export type Replacements = Partial<Pick<Gateway, 'clock' | 'log' | 'roles' | 'chainHealth'>> & {
  readonly allocationPace?: AllocationPace
  /** What happens while several gateways want the same database. */
  readonly turn?: Turn
}

/**
 * Makes a gateway from its environment, when it is its turn to use the database.
 * @throws {ConfigurationError | DatabaseError} Naming what is wrong.
 */
export async function composeGateway(env: GatewayEnv, replacements: Replacements = {}): Promise<Gateway> {
  const log = replacements.log ?? pino({ level: env.LOG_LEVEL, base: { name: 'gateway' }, serializers: { err: framesOf } })
  const clock = replacements.clock ?? systemClock
  const [tenants, deployment, master] = await Promise.all([
    readTenants(env.TENANTS_FILE),
    readDeployment(env.DEPLOYMENT_FILE),
    readMasterKey(env.MASTER_KEY_FILE),
  ])
  const keys = new KeyRing(master)
  const circle = await openCircle({ env, tenants, keys })
  const database = await openDatabase({ env, tenants, keys, clock, log, turn: replacements.turn })
  const events = new BoundedEventHub(randomBytes(6).toString('hex'), (failure) => {
    log.error({ event: 'events.listener-failed', cause: framesOf(failure) }, 'one listener missed an event')
  })
  const reader = new BundleReader({ threads: UPLOAD_THREADS })
  // Observations at the bedside never wait behind an upload.
  const bedside = new BundleReader({ threads: 1, maxWaiting: 64, timeoutMs: BEDSIDE_TIMEOUT_MS })
  const recordKeys = new RecordKeys(keys)
  const { chainId } = deployment
  const links = new Links({ keys, clock, log })
  for (const { slug } of tenants.hospitals) await database.inTenant(slug, (tx) => links.remember(tx, slug))
  const records = new SealedRecords({ database, tenants, recordKeys, links })
  const answering = composeAnswering({ env, log, clock, keys, database, tenants, deployment, events, records, circle, links })
  const urgency = composeCases({ circle, keys, database, tenants, records, reader: bedside, events, clock, log, model: readModel(env) })
  const participants = () => answering.chain.state.participants
  const placing = { cases: urgency.cases, participants, pace: replacements.allocationPace }
  const allocation = composeAllocation({ circle, keys, database, tenants, events, clock, log, ...placing })
  const { filedStudies: studies, chain, context } = answering
  const trialParts = {
    saved: new SavedTrials({ database, keys }),
    invitations: new Invitations({ database, keys, links }),
    studies,
    chain,
    context,
  }
  const trials: Trials = new Trials({ ...trialParts, circle, records, tenants, events, clock, rounds: () => rounds })
  const peopleOfStudy = trials.peopleOfStudy.bind(trials)
  const rounds: Rounds = composeRounds({ circle, log, clock, events, keys, tenants, records, cases: urgency.cases, chain, peopleOfStudy })
  const saving = { database, recordKeys, clock }
  const recordChanged = (tenant: string, record: RecordId): void => {
    const hospital = tenants.hospitals.find(({ slug }) => slug === tenant)
    if (hospital !== undefined) urgency.scoring.recordChanged(hospital.organisation, record)
  }
  // Tests that bring their own roles have no chain to follow.
  if (replacements.roles === undefined) {
    answering.start()
    urgency.scoring.start(tenants.hospitals.map(({ organisation }) => organisation))
    allocation.allocations.start()
    rounds.start()
  }
  return {
    env,
    log,
    clock,
    keys,
    database,
    tenants,
    deployment,
    events,
    roles: replacements.roles ?? answering.chain,
    chainHealth: replacements.chainHealth ?? answering.chain,
    accessTokens: new AccessTokens(keys.shared('access-token-ed25519'), {
      issuer: env.PUBLIC_ORIGIN,
      chainId,
      clock,
    }),
    challenges: new Challenges({ database, clock, keys, chainId, origin: env.PUBLIC_ORIGIN }),
    refreshTokens: new RefreshTokens({ database, clock, keys }),
    records,
    bundles: new BundleTaker({ reader, events }),
    saveRecord: async (tenant, contents, by, confirmation) => {
      const saved = await saveRecord(saving, tenant, contents, by, confirmation)
      if (!saved.created && !saved.isUnchanged) recordChanged(tenant, saved.record)
      return saved
    },
    restoreVersion: async (tenant, restoring) => {
      const restored = await restoreVersion(saving, tenant, restoring)
      recordChanged(tenant, restored.record)
      return restored
    },
    listVersions: (tenant, record, page) => listVersions(saving, tenant, record, page),
    enrolments: new Enrolments({ database, tenants, keys, clock, links }),
    circle,
    cases: urgency.cases,
    rounds,
    ...allocation,
    trials,
    ...answering.parts,
    stop: async () => {
      await allocation.allocations.stop()
      await Promise.all([rounds.stop(), urgency.scoring.stop(), answering.stop()])
      await Promise.all([reader.close(), bedside.close()])
      await database.close()
    },
  }
}

/** The language model that reads notes, too, when the environment names one. */
function readModel({ OLLAMA_URL: url, OLLAMA_MODEL: model, OLLAMA_TIMEOUT_MS: timeoutMs }: GatewayEnv): CaseModel | undefined {
  return url === undefined || model === undefined ? undefined : askOllama({ url, model, timeoutMs })
}
