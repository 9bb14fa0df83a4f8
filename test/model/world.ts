import { Journal, type View } from './table.ts'

/** What goes into a call, comes out of it, or stands in an event; names of fields as in the ABI. */
export type Value = bigint | boolean | string | readonly Value[] | { readonly [field: string]: Value }

/** One call of one contract; `fn` and the order of `args` as in the ABI. */
export type Call = {
  readonly from: bigint
  readonly to: bigint
  readonly fn: string
  readonly args: readonly Value[]
  /** Calldata that is not what the ABI says: its last felt is missing, or one more follows. */
  readonly misshapen?: 'short' | 'long'
}

/** How a call ended: what it returned, or the text it failed with. */
export type Outcome = { readonly isOk: true; readonly value: Value } | { readonly isOk: false; readonly error: string }

/** An event of one of the contracts, as the model says it. */
export type ModelEvent = { readonly contract: bigint; readonly name: string; readonly fields: { readonly [field: string]: Value } }

/** A function of a contract: who calls, and the arguments of the ABI. */
export type Entry = (caller: bigint, ...args: never[]) => Value

/** A contract of the model: its kind names the ABI. */
export type Contract = { readonly address: bigint; readonly kind: string; readonly functions: { readonly [fn: string]: Entry } }

/** The text that a contract refuses with. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** Somebody called where no contract is: on Starknet nobody can outlive that, and the whole transaction comes to nothing. */
export class UndeployedError extends Error {
  override readonly name = 'UndeployedError'
}

/**
 * Stops the running call with a contract's text, as `assert` in Cairo does.
 * @throws {Refusal} When it does not hold.
 */
export function check(holds: boolean, text: string): asserts holds {
  if (!holds) throw new Refusal(text)
}

export const MAX_U64 = 2n ** 64n - 1n
export const MAX_U128 = 2n ** 128n - 1n
export const MAX_U256 = 2n ** 256n - 1n

/** All contracts, the time, and what calls do to them: a call that fails leaves no state and no event. */
export class World {
  readonly journal = new Journal()
  readonly contracts = new Map<bigint, Contract>()
  readonly chainId: bigint
  nowS = 0n
  #events: ModelEvent[] = []
  #watch: (call: Call, outcome: Outcome) => void = () => undefined

  constructor(chainId: bigint) {
    this.chainId = chainId
  }

  add<C extends Contract>(contract: C): C {
    this.contracts.set(contract.address, contract)
    return contract
  }

  /** Tells of every call from now on, also of those that contracts make; nothing more when it is given nobody to tell. */
  watch(hear: (call: Call, outcome: Outcome) => void = () => undefined): void {
    this.#watch = hear
  }

  emit(contract: bigint, name: string, fields: { readonly [field: string]: Value }): void {
    this.#events.push({ contract, name, fields })
  }

  /**
   * A call whose failure the caller outlives.
   * @throws {UndeployedError} Nobody outlives this one.
   */
  attempt(call: Call): Outcome {
    const mark = this.journal.mark
    const events = this.#events.length
    let isDone = false
    try {
      const outcome = this.#run(call)
      isDone = outcome.isOk
      this.#watch(call, outcome)
      return outcome
    } finally {
      if (!isDone) {
        this.journal.rollBack(mark)
        this.#events.length = events
      }
    }
  }

  /**
   * A call whose failure is the caller's own.
   * @throws {Refusal} With the text of the called contract.
   */
  ask(from: bigint, to: bigint, fn: string, args: readonly Value[]): Value {
    const outcome = this.attempt({ from, to, fn, args })
    if (!outcome.isOk) throw new Refusal(outcome.error)
    return outcome.value
  }

  /** What happened since the last time. */
  takeEvents(): ModelEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  takeTouched(): View[] {
    return this.journal.takeTouched()
  }

  #run({ from, to, fn, args, misshapen }: Call): Outcome {
    const contract = this.contracts.get(to)
    if (contract === undefined) throw new UndeployedError(`nothing at ${to}`)
    const entry = contract.functions[fn]
    if (entry === undefined) return { isOk: false, error: 'ENTRYPOINT_NOT_FOUND' }
    if (misshapen === 'short') return { isOk: false, error: `Failed to deserialize param #${args.length}` }
    if (misshapen === 'long') return { isOk: false, error: 'Input too long for arguments' }
    try {
      // The arguments are those of the ABI: the encoder of calldata refuses any others.
      return { isOk: true, value: entry(from, ...(args as never[])) }
    } catch (error) {
      if (error instanceof Refusal) return { isOk: false, error: error.message }
      throw error
    }
  }
}
