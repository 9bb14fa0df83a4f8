import type { BatchedEntry, Record as LogRecord, SingleEntry } from '../../test/model/accessLog.ts'
import { commitmentOf, type Opening } from '../../test/model/consents.ts'
import { HOSPITAL, RESEARCH } from '../../test/model/participants.ts'
import type { sparseTree } from '../../test/model/tree.ts'
import type { Call, ModelEvent, Value } from '../../test/model/world.ts'
import type { Random } from './random.ts'
import { ACTORS, type ActorName, type Addresses, type ContractName, type Theatre } from './theatre.ts'

/** A consent that somebody made up; it may be granted, ended, or neither yet. */
export type KnownConsent = { readonly patient: bigint; readonly commitment: bigint; readonly opening: Opening; readonly root: bigint }
/** A batch with all that its hospital knows of it. */
export type KnownBatch = {
  readonly tree: ReturnType<typeof sparseTree>
  readonly leaves: readonly { patient: bigint; salt: bigint; records: LogRecord[] }[]
  place?: Pick<BatchedEntry, 'batch' | 'hospital' | 'root' | 'logged_at_s'>
}

export const MINUTE_S = 60n
export const DAY_S = 86_400n

/** Organisations of the first minute, and some that may come later. */
export const ORGANISATIONS = { mercy: 0x6d65726379n, clare: 0x636c617265n, north: 0x6e6f727468n, harbour: 0x686172n }

/** What whoever makes up calls knows: the model's state, and the secrets of everybody. */
export class Scene {
  readonly theatre: Theatre
  readonly random: Random
  readonly addresses: Addresses
  readonly consents: KnownConsent[] = []
  readonly entries: { patient: bigint; entry: SingleEntry }[] = []
  readonly batches: KnownBatch[] = []
  readonly disputes: { patient: bigint; id: bigint }[] = []

  /** Functions that have refused something already; the others are called by the wrong ones more often. */
  readonly refused = new Set<string>()

  /** Functions that went through already. */
  readonly done = new Set<string>()

  constructor(theatre: Theatre, random: Random, addresses: Addresses) {
    this.theatre = theatre
    this.random = random
    this.addresses = addresses
  }

  get nowS(): bigint {
    return this.theatre.world.nowS
  }

  actor(name: ActorName): bigint {
    return this.addresses.actors[name]
  }

  anyone(): bigint {
    return this.actor(this.random.pick(ACTORS))
  }

  patient(): bigint {
    return this.actor(this.random.pick(['patient 1', 'patient 2', 'patient 3', 'patient 4'] as const))
  }

  owner(): bigint {
    return this.theatre.participants.register.owner()
  }

  contract(name: ContractName): bigint {
    return this.addresses.contracts[name]
  }

  /** A token; the odd one in one case of five. */
  token(): bigint {
    return this.contract(this.random.pick(['tokenA', 'tokenA', 'tokenB', 'tokenB', 'oddToken'] as const))
  }

  call(from: bigint, contract: ContractName, fn: string, ...args: Value[]): Call {
    return { from, to: this.contract(contract), fn, args }
  }

  /** Organisations with a role, active ones first where there are any. */
  organisations(role: bigint): bigint[] {
    const all = this.theatre.participants.organisations.rows().filter(({ row }) => row.role === role)
    const active = all.filter(({ row }) => row.standing === 1n)
    return (active.length > 0 ? active : all).map(({ key }) => key[0] ?? 0n)
  }

  hospital(): bigint {
    return this.random.pickOr(this.organisations(HOSPITAL), 0n)
  }

  office(): bigint {
    return this.random.pickOr(this.organisations(RESEARCH), 0n)
  }

  /** Somebody who acts for this organisation, or anyone when nobody does. */
  operatorOf(organisation: bigint): bigint {
    const { operators } = this.theatre.participants
    const actors = Object.values(this.addresses.actors).filter((actor) => operators.get(actor) === organisation)
    return this.random.pickOr(actors, this.anyone())
  }

  /** Somebody who may do this: the owner or who has the power. */
  holderOf(power: bigint): bigint {
    const { register } = this.theatre.participants
    return this.random.pickOr(
      Object.values(this.addresses.actors).filter((actor) => register.hasPower(actor, power)),
      this.owner(),
    )
  }

  commitmentOf(patient: bigint, opening: Opening): bigint {
    return commitmentOf(this.addresses.chainId, this.contract('consentRegistry'), patient, opening)
  }

  /** Learns from what really happened. */
  note({ name, fields }: ModelEvent): void {
    const of = (field: string): bigint => {
      const value = fields[field]
      return typeof value === 'bigint' ? value : 0n
    }
    if (name === 'EntryAppended') {
      const record = { kind: of('kind'), reference: of('reference'), digest: of('digest') }
      const entry = { index: of('index'), hospital: of('hospital'), record, logged_at_s: of('logged_at_s'), path: [] }
      this.entries.push({ patient: of('patient'), entry })
    }
    if (name === 'BatchAppended') {
      const batch = this.batches.find(({ tree, place }) => tree.root === of('root') && place === undefined)
      if (batch !== undefined) {
        batch.place = { batch: of('index'), hospital: of('hospital'), root: of('root'), logged_at_s: of('logged_at_s') }
      }
    }
    if (name === 'DisputeOpened') this.disputes.push({ patient: of('patient'), id: of('entry_id') })
  }
}
