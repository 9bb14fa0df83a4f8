import { EngineClosedError } from '@medsync/context/engine'
import { type AccountAddress, account, type OrganisationId, type RecordId, slugToOrganisationId } from '@medsync/protocol'
import { pino } from 'pino'
import { Circle } from '../../services/gateway/src/context/circle.ts'
import { CircleEngine } from '../../services/gateway/src/context/circleEngine.ts'
import type { Database } from '../../services/gateway/src/database/database.ts'
import { BoundedEventHub } from '../../services/gateway/src/events/boundedEventHub.ts'
import { BundleReader } from '../../services/gateway/src/records/bundleReader.ts'
import { RecordKeys } from '../../services/gateway/src/records/recordKeys.ts'
import { saveRecord } from '../../services/gateway/src/records/saveRecord.ts'
import { SealedRecords } from '../../services/gateway/src/records/sealedRecords.ts'
import { CaseEntries } from '../../services/gateway/src/urgency/caseEntries.ts'
import { CaseVault } from '../../services/gateway/src/urgency/caseVault.ts'
import { composeCases } from '../../services/gateway/src/urgency/composeCases.ts'
import { type CircleHome, makeHome, SharedCircle } from './consents-circleStage.ts'
import type { TestBundle } from './records-bundles.ts'

/** One thread for all stages of a file: it loads the FHIR definitions once. */
const reader = new BundleReader()
const HOSPITALS = ['mercy', 'stclare', 'lakeside'] as const
export const MERCY = slugToOrganisationId('mercy')
export const STCLARE = slugToOrganisationId('stclare')
/** Staff who do everything here. */
export const CLINICIAN: AccountAddress = account('0xc11')

/** The room of cases on the embedded engine in a folder that is not sealed, without a chain; its process can be made to die at any step. */
export class UrgencyStage {
  readonly shared: SharedCircle
  readonly home: CircleHome
  readonly log: string[] = []
  readonly told: string[] = []
  nowS = 1_900_000_000
  /** How many more steps (calls of the vault, transactions) the process lives. */
  stepsLeft = Number.POSITIVE_INFINITY
  /** Whether the last of them takes effect before it dies. */
  diesAfterEffect = false
  #running: ReturnType<typeof composeCases> | undefined
  #circle: Circle | undefined

  private constructor(shared: SharedCircle, home: CircleHome) {
    this.shared = shared
    this.home = home
  }

  static async raise(): Promise<UrgencyStage> {
    const [shared, home] = await Promise.all([SharedCircle.raise(HOSPITALS), makeHome(HOSPITALS)])
    const stage = new UrgencyStage(shared, home)
    stage.start()
    return stage
  }

  get cases(): ReturnType<typeof composeCases>['cases'] {
    return this.#parts.cases
  }

  get scoring(): ReturnType<typeof composeCases>['scoring'] {
    return this.#parts.scoring
  }

  /** The vault, for whoever looks into it or breaks something in it. */
  get vault(): CaseVault {
    return new CaseVault({ circle: this.#openCircle(), keys: this.home.ring })
  }

  get entries(): CaseEntries {
    return new CaseEntries(this.vault)
  }

  /** The room as a process that starts finds everything; the one before is forgotten as it was. */
  start(): void {
    this.stepsLeft = Number.POSITIVE_INFINITY
    this.#circle = undefined
    const events = new BoundedEventHub('e')
    events.subscribe((published) => this.told.push(JSON.stringify(published)))
    this.#running = composeCases({
      circle: this.#openCircle(),
      keys: this.home.ring,
      database: this.#database(),
      tenants: this.home.tenants,
      records: this.#records(),
      reader,
      events,
      clock: { nowS: () => this.nowS },
      log: pino({ level: 'debug' }, { write: (line: string) => void this.log.push(line) }),
      model: undefined,
    })
  }

  /** Keeps a record as an upload does. */
  async keep(tenant: string, bundle: TestBundle): Promise<RecordId> {
    const reading = reader.open({ maxResources: 50_000 })
    await reading.write(Buffer.from(JSON.stringify(bundle)))
    const contents = await reading.end()
    const saving = { database: this.home.database, recordKeys: new RecordKeys(this.home.ring), clock: { nowS: () => this.nowS } }
    return (await saveRecord(saving, tenant, contents, CLINICIAN)).record
  }

  async stop(): Promise<void> {
    await this.#running?.scoring.stop()
    await this.shared.stop()
    await this.home.drop()
  }

  get #parts(): ReturnType<typeof composeCases> {
    if (this.#running === undefined) throw new RangeError('the room is not open')
    return this.#running
  }

  #openCircle(): Circle {
    const open = async () => {
      const engine = await this.shared.open()
      return { ...engine, call: (...args: Parameters<typeof engine.call>) => this.#step(() => engine.call(...args)) }
    }
    const { tenants } = this.home
    this.#circle ??= new Circle({ engine: new CircleEngine(open), idOf: () => 'embedded', tenants, seats: HOSPITALS })
    return this.#circle
  }

  #database(): Database {
    const { database } = this.home
    return {
      engine: database.engine,
      inTenant: (slug, work) => this.#step(() => database.inTenant(slug, work)),
      inShared: (work) => database.inShared(work),
      requireWriter: () => database.requireWriter(),
      isAlive: () => database.isAlive(),
      close: () => database.close(),
    }
  }

  #records(): SealedRecords {
    return new SealedRecords({ database: this.#database(), tenants: this.home.tenants, recordKeys: new RecordKeys(this.home.ring) })
  }

  async #step<T>(work: () => Promise<T>): Promise<T> {
    this.stepsLeft -= 1
    if (this.stepsLeft < 0 || (this.stepsLeft === 0 && !this.diesAfterEffect)) throw new EngineClosedError()
    const done = await work()
    if (this.stepsLeft <= 0) throw new EngineClosedError()
    return done
  }
}

/** All waiting cases of a hospital with their scores. */
export async function scoresOf(stage: UrgencyStage, organisation: OrganisationId): Promise<number[]> {
  return (await stage.cases.waiting(organisation)).map(({ score }) => score)
}
