import { commitmentOf, type Membership, type Opening } from '../../test/model/consents.ts'
import { hashOf, shortString } from '../../test/model/hashes.ts'
import { permitsPurpose } from '../../test/model/purposes.ts'
import { climb, rootOf } from '../../test/model/tree.ts'
import type { Value } from '../../test/model/world.ts'
import { abiFelts, type KindOf } from './feltsOf.ts'
import type { Difference, Prediction } from './play.ts'
import type { Acted, RawEvent } from './stage.ts'
import type { Addresses } from './theatre.ts'

type Fields = { readonly [field: string]: Value }
type Status = 'active' | 'revoked' | 'replaced'

/**
 * What must hold whatever the model says, judged by nothing but what the chain itself told: its events, in order. It is a second opinion, in fewer
 * words than the model: money in less money out is what is owed; a log only grows; what has ended stays ended; `decide` permits when all terms do.
 */
export class History {
  readonly #addresses: Addresses
  readonly #kindOf: KindOf
  readonly #consents = new Map<string, Status>()
  readonly #leaves = new Map<bigint, bigint[]>()
  readonly #kept = new Map<bigint, bigint>()
  readonly #terms = new Map<bigint, Fields>()
  #nowS = 0n

  constructor(addresses: Addresses, kindOf: KindOf) {
    this.#addresses = addresses
    this.#kindOf = kindOf
  }

  /** The first thing in a transaction that must never be; undefined when there is none. */
  judge(nowS: bigint, predictions: readonly Prediction[], acted: readonly Acted[]): Difference | undefined {
    this.#nowS = nowS
    for (const [index, { call, cause }] of predictions.entries()) {
      const actual = acted[index]
      if (actual?.isOk !== true) continue
      const wrong =
        this.#settledWrongly(call.fn, call.args) ?? this.#heard(actual.events) ?? this.#seen(call.to, call.fn, call.args, actual.values)
      if (wrong !== undefined) return { call, what: 'invariant', ...wrong, ...(cause && { cause }) }
    }
    return undefined
  }

  #heard(events: readonly RawEvent[]): Wrong | undefined {
    for (const { from, keys, data } of events) {
      const event = abiFelts[this.#kindOf(from) ?? '']?.fields(keys, data)
      const wrong = event === undefined ? undefined : this.#fold(event.name, event.fields)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  #fold(name: string, fields: Fields): Wrong | undefined {
    const of = (field: string): bigint => numberIn(fields, field)
    switch (name) {
      case 'ConsentGranted':
        return this.#begin(of('patient'), of('commitment'))
      case 'ConsentReplaced':
        return this.#end(of('patient'), of('old'), 'replaced') ?? this.#begin(of('patient'), of('new'))
      case 'ConsentRevoked':
        return this.#end(of('patient'), of('commitment'), 'revoked')
      case 'EntryAppended': {
        const said = ['index', 'hospital', 'kind', 'reference', 'digest', 'logged_at_s'].map(of)
        return this.#grow(of('patient'), of('index'), shortString('MedSync.log.leaf.v2'), [of('patient'), ...said])
      }
      case 'BatchAppended':
        return this.#grow(0n, of('index'), shortString('MedSync.log.batch.v2'), ['index', 'hospital', 'root', 'logged_at_s'].map(of))
      case 'StudyOpened': {
        const { terms = {} } = fields
        if (isFields(terms)) this.#terms.set(of('study'), terms)
        return this.#move(of('token'), numberIn(this.#termsOf(of('study')), 'bond'))
      }
      case 'StudyFunded':
        return this.#move(numberIn(this.#termsOf(of('study')), 'token'), of('amount'))
      case 'StudyRefunded':
        return this.#move(numberIn(this.#termsOf(of('study')), 'token'), -of('amount'))
      case 'RewardClaimed':
      case 'OrganisationRewardClaimed':
      case 'PoolShareClaimed':
        return this.#move(of('token'), -of('amount'))
      default:
        return undefined
    }
  }

  #begin(patient: bigint, commitment: bigint): Wrong | undefined {
    const before = this.#consents.get(`${patient},${commitment}`)
    if (before !== undefined) return { expected: 'a commitment is used once', actual: `granted, though it was ${before}` }
    this.#consents.set(`${patient},${commitment}`, 'active')
    return undefined
  }

  /** A member of a bundle was never granted by itself. */
  #end(patient: bigint, commitment: bigint, status: Status): Wrong | undefined {
    const before = this.#consents.get(`${patient},${commitment}`)
    if (before !== undefined && before !== 'active')
      return { expected: 'a consent ends once', actual: `${status}, though it was ${before}` }
    this.#consents.set(`${patient},${commitment}`, status)
    return undefined
  }

  #grow(tree: bigint, index: bigint, domain: bigint, said: readonly bigint[]): Wrong | undefined {
    const leaves = this.#leaves.get(tree) ?? []
    leaves.push(hashOf(domain, this.#addresses.chainId, this.#addresses.contracts.accessLog, ...said))
    this.#leaves.set(tree, leaves)
    return index === BigInt(leaves.length) ? undefined : { expected: `entry ${leaves.length}`, actual: `entry ${index}` }
  }

  #move(token: bigint, amount: bigint): Wrong | undefined {
    const kept = (this.#kept.get(token) ?? 0n) + amount
    this.#kept.set(token, kept)
    return kept >= 0n ? undefined : { expected: 'no more goes out than came in', actual: `${-kept} too much` }
  }

  #termsOf(study: bigint): Fields {
    return this.#terms.get(study) ?? {}
  }

  /** What a view answers, against what was told before. */
  #seen(to: bigint, fn: string, args: readonly Value[], values: readonly bigint[]): Wrong | undefined {
    const { accessLog, consentRegistry, oddToken, rewardPool } = this.#addresses.contracts
    const [first = 0n, second, grantee, purpose] = args
    const [answer = 0n] = values
    if (to === accessLog && (fn === 'log_of' || fn === 'batches')) {
      const leaves = this.#leaves.get(fn === 'batches' ? 0n : BigInt(String(first))) ?? []
      return differ(`${leaves.length} ${rootOf(leaves)}`, values.join(' '))
    }
    if (to === rewardPool && fn === 'liabilities') return differ(`${this.#kept.get(BigInt(String(first))) ?? 0n}`, `${answer}`)
    if (fn === 'balance_of' && first === rewardPool && to !== oddToken) {
      const kept = this.#kept.get(to) ?? 0n
      return answer >= kept ? undefined : { expected: `at least ${kept} held`, actual: `${answer}` }
    }
    if (
      to === consentRegistry &&
      fn === 'decide' &&
      typeof first === 'bigint' &&
      typeof grantee === 'bigint' &&
      typeof purpose === 'bigint'
    ) {
      const isPermitted = this.#permits(first, openingIn(second), grantee, purpose)
      return differ(isPermitted ? 'permit' : 'deny', answer === 1n ? 'permit' : 'deny')
    }
    return undefined
  }

  /** Nothing is paid for without a consent that permits it now. */
  #settledWrongly(fn: string, args: readonly Value[]): Wrong | undefined {
    if (fn !== 'settle') return undefined
    const opening = openingIn(args[2])
    const patients = [...this.#consents.keys()].map((key) => BigInt(key.split(',')[0] ?? '0'))
    const isPermitted = [...new Set(patients)].some((patient) => this.#stands(patient, opening) && this.#isTime(opening))
    return isPermitted ? undefined : { expected: 'no settlement without a consent in force', actual: 'settled' }
  }

  #permits(patient: bigint, opening: Opening, grantee: bigint, purpose: bigint): boolean {
    return (
      this.#stands(patient, opening) && this.#isTime(opening) && opening.grantee === grantee && permitsPurpose(opening.purposes, purpose)
    )
  }

  #isTime({ not_before_s, expires_at_s }: Opening): boolean {
    return not_before_s <= this.#nowS && this.#nowS < expires_at_s
  }

  #stands(patient: bigint, opening: Opening): boolean {
    const { chainId, contracts } = this.#addresses
    const commitment = commitmentOf(chainId, contracts.consentRegistry, patient, opening)
    const own = this.#consents.get(`${patient},${commitment}`)
    return (own ?? this.#consents.get(`${patient},${rootIn(commitment, opening.membership)}`)) === 'active'
  }
}

type Wrong = Pick<Difference, 'expected' | 'actual'>

function rootIn(commitment: bigint, { index, path }: Membership): bigint {
  return climb(commitment, index, path).node
}

function differ(expected: string, actual: string): Wrong | undefined {
  return expected === actual ? undefined : { expected, actual }
}

function isFields(value: Value): value is Fields {
  return typeof value === 'object' && !Array.isArray(value)
}

function numberIn(fields: Fields, field: string): bigint {
  const value = fields[field]
  return typeof value === 'bigint' ? value : 0n
}

/** The opening among the arguments of a call that went through: the encoder has checked its shape. */
function openingIn(value: Value | undefined): Opening {
  return value as Opening
}
