import type { MemberStatus, StateComparisons } from '@medsync/context/calimero'
import type { NetworkNodeState } from '@medsync/protocol'

/** So long a state has to stay as it is before two of them can be compared: what was written a moment ago is still on its way. */
const STEADY_MS = 4_000
/** A single comparison often falls between a write and its arrival: below this age a difference is none yet. */
const DIFFERENCE_MS = 12_000
/** From then on it is no longer a matter of moments, and staff are told. */
const APART_MS = 60_000
/** While a difference is young, the node is asked to compare so often; it would by itself every 10 s. */
const COMPARE_EVERY_MS = 5_000
/** An old difference does not go away by haste. */
const COMPARE_SELDOM_EVERY_MS = 60_000
/**
 * So long a difference lasts before a copy is replaced. It may be the other node that is behind because it is stuck: within half a minute that
 * one is started anew (`StuckWatch`), and a comparison repairs it. A node that was away or stuck itself comes before one that was not.
 */
const REPLACE_SUSPECT_AFTER_MS = 30_000
const REPLACE_AFTER_MS = 40_000
/** Two that may be replaced are not replaced at the same moment. */
const LATER_PER_RANK_MS = 5_000
/** A copy that is still being written to is not replaced. */
const REPLACE_STEADY_MS = 8_000
/** Comparisons that were asked for in vain before that. */
const COMPARISONS_FIRST = 2
/** Replacements that may follow upon each other; then one an hour. Somebody who says another state than everybody else must not cost more. */
const MOST_REPLACEMENTS = 3
const REPLACEMENT_EVERY_MS = 3_600_000
/** A replacement that shows no effect by then had none. */
const REPLACED_WITHIN_MS = 20_000
/** How long a node that was away or stuck is the first that is suspected. */
const SUSPECT_MS = 900_000

/** What is to be done about a node now. */
export type NodeStep = 'nothing' | 'compare' | 'replace-copy' | 'file-again'

/** What the gateway did last about a node that was not in step, and when (ms of the clock that `observe` is given). */
export type NodeRepair = { readonly step: Exclude<NodeStep, 'nothing'>; readonly atMs: number }

/** Another node of this gateway, as far as it can be compared with. */
export type OtherNode = { readonly stateHash: string; readonly sinceMs: number }

/** Whose turn it is when several nodes may be the one that is apart. */
export type NodeRank = { readonly isAdmin: boolean /** 0 to 1, another one for each node. */; readonly spread: number }

/**
 * Whether one node is in step with the network, from what the node itself and the gateway's other nodes say; nobody else is asked. What a
 * single other member says of its state can be a lie, so a node counts as apart only when it agrees with nobody at all.
 *
 * Repairs go from harmless to costly: compare again, replace the copy of the shared state, file our own entries again. No call blocks; the
 * caller does what `next` says.
 */
export class NodeConvergence {
  #status: MemberStatus | undefined
  #counted: StateComparisons | undefined
  #hashSinceMs = 0
  #state: NetworkNodeState = 'starting'
  #stateSinceMs: number
  #equalAtMs: number | undefined
  #differentSinceMs: number | undefined
  #isDoubtful = false
  #troubleAtMs = Number.NEGATIVE_INFINITY
  #repair: NodeRepair | undefined
  #comparedAtMs = Number.NEGATIVE_INFINITY
  #comparisons = 0
  #replacement: { readonly atMs: number; readonly hash: string | undefined } | undefined
  #replacementsLeft = MOST_REPLACEMENTS
  #replacementsCountedAtMs: number

  /** @param nowMs - Of a clock that never goes back. */
  constructor(nowMs: number) {
    this.#stateSinceMs = nowMs
    this.#replacementsCountedAtMs = nowMs
  }

  /** Where the node stands. */
  get state(): NetworkNodeState {
    return this.#state
  }

  /** Since when, in ms of the clock that `observe` is given. */
  get stateSinceMs(): number {
    return this.#stateSinceMs
  }

  /** When it was last found equal to another node. */
  get equalAtMs(): number | undefined {
    return this.#equalAtMs
  }

  /** What was done last, while it is not in step. */
  get repair(): NodeRepair | undefined {
    return this.#state === 'in-step' ? undefined : this.#repair
  }

  /** Whether `next` may have something to do. */
  get needsAttention(): boolean {
    return this.#differentSinceMs !== undefined || this.#isDoubtful || this.#replacement !== undefined
  }

  /** What other nodes can be compared with; undefined for one that answers nothing. */
  comparable(): OtherNode | undefined {
    const hash = this.#status?.isAnswering === true ? this.#status.stateHash : undefined
    return hash === undefined ? undefined : { stateHash: hash, sinceMs: this.#hashSinceMs }
  }

  /** Takes in what a node says of itself. */
  observe(status: MemberStatus, nowMs: number): void {
    if (this.#status?.stateHash !== status.stateHash) this.#hashSinceMs = nowMs
    if (!status.isAnswering) this.#troubleAtMs = nowMs
    else if (this.#status?.isAnswering === false) this.#forgetDifference()
    this.#status = status
    if (status.comparisons !== undefined) this.#count(status.comparisons, nowMs)
  }

  /** Compares with the gateway's other nodes; called when all were observed. */
  judge(others: readonly OtherNode[], nowMs: number): void {
    const own = this.comparable()
    if (own !== undefined) {
      if (others.some(({ stateHash }) => stateHash === own.stateHash)) this.#foundEqual(nowMs)
      const steady = others.filter(({ sinceMs }) => nowMs - Math.max(sinceMs, own.sinceMs) >= STEADY_MS)
      if (steady.length > 0 && steady.length === others.length && this.#equalAtMs !== nowMs) this.#differentSinceMs ??= nowMs
    }
    this.#become(this.#stateAt(nowMs), nowMs)
  }

  /**
   * What to do now; whoever asks does it.
   * @param mayReplace - False while another copy is being replaced.
   */
  next(rank: NodeRank, nowMs: number, mayReplace: boolean = true): NodeStep {
    const step = this.#nextStep(rank, nowMs, mayReplace)
    if (step === 'nothing') return step
    this.#repair = { step, atMs: nowMs }
    if (step === 'compare') {
      this.#comparedAtMs = nowMs
      this.#comparisons += 1
    } else if (step === 'replace-copy') {
      this.#replacement = { atMs: nowMs, hash: this.#status?.stateHash }
      this.#replacementsLeft -= 1
    } else {
      this.#replacement = undefined
    }
    return step
  }

  #nextStep(rank: NodeRank, nowMs: number, mayReplace: boolean): NodeStep {
    const status = this.#status
    if (this.#replacement !== undefined) {
      const hasChanged = status?.isAnswering === true && status.stateHash !== this.#replacement.hash
      if (hasChanged || nowMs - this.#replacement.atMs >= REPLACED_WITHIN_MS) return 'file-again'
    }
    if (status?.isAnswering !== true || status.peers === 0) return 'nothing'
    if (this.#differentSinceMs === undefined) {
      const isQuiet = this.#isDoubtful && nowMs - this.#hashSinceMs >= STEADY_MS
      return isQuiet && nowMs - this.#comparedAtMs >= COMPARE_EVERY_MS ? 'compare' : 'nothing'
    }
    if (mayReplace && this.#mayReplace(this.#differentSinceMs, rank, nowMs)) return 'replace-copy'
    const isYoung = nowMs - this.#differentSinceMs < APART_MS
    return nowMs - this.#comparedAtMs >= (isYoung ? COMPARE_EVERY_MS : COMPARE_SELDOM_EVERY_MS) ? 'compare' : 'nothing'
  }

  #mayReplace(sinceMs: number, { isAdmin, spread }: NodeRank, nowMs: number): boolean {
    if (this.#replacement !== undefined || this.#comparisons < COMPARISONS_FIRST || nowMs - this.#hashSinceMs < REPLACE_STEADY_MS)
      return false
    const isSuspect = nowMs - this.#troubleAtMs < SUSPECT_MS
    const rank = (isAdmin ? 1 : 0) + spread
    if (nowMs - sinceMs < (isSuspect ? REPLACE_SUSPECT_AFTER_MS : REPLACE_AFTER_MS) + rank * LATER_PER_RANK_MS) return false
    const earned = Math.floor((nowMs - this.#replacementsCountedAtMs) / REPLACEMENT_EVERY_MS)
    this.#replacementsCountedAtMs += earned * REPLACEMENT_EVERY_MS
    this.#replacementsLeft = Math.min(MOST_REPLACEMENTS, this.#replacementsLeft + earned)
    return this.#replacementsLeft > 0
  }

  #count(comparisons: StateComparisons, nowMs: number): void {
    const last = this.#counted
    this.#counted = comparisons
    // A node that was started anew counts from zero; before the first look there is nothing to tell old ones by.
    const isNew = last === undefined || comparisons.equal < last.equal || comparisons.different < last.different
    if (isNew && last !== undefined) this.#troubleAtMs = nowMs
    const equal = comparisons.equal - (isNew ? 0 : last.equal)
    const different = comparisons.different - (isNew ? 0 : last.different)
    if (equal > 0) this.#foundEqual(nowMs)
    else if (different > 0) this.#foundDifferent(nowMs)
  }

  /** What was found before it went away, or while it answered nothing, says nothing of it now. */
  #forgetDifference(): void {
    this.#differentSinceMs = undefined
    this.#isDoubtful = false
    this.#comparisons = 0
  }

  /** While something is being written, two states differ for a moment as a matter of course: then it is compared again when it is quiet. */
  #foundDifferent(nowMs: number): void {
    if (nowMs - this.#hashSinceMs >= STEADY_MS) this.#differentSinceMs ??= nowMs
    else this.#isDoubtful = true
  }

  #foundEqual(nowMs: number): void {
    this.#equalAtMs = nowMs
    this.#forgetDifference()
    if (this.#replacement === undefined) this.#repair = undefined
  }

  #stateAt(nowMs: number): NetworkNodeState {
    const status = this.#status
    if (status === undefined) return 'starting'
    if (!status.isReachable) return 'away'
    if (!status.isInitialised) return 'waiting'
    if (!status.isAnswering) return 'not-answering'
    if (status.peers === 0) return 'alone'
    const since = this.#differentSinceMs
    if (since === undefined) return this.#equalAtMs === undefined ? 'starting' : 'in-step'
    const isApart = nowMs - since >= APART_MS && nowMs - this.#hashSinceMs >= REPLACE_STEADY_MS
    if (isApart) return 'apart'
    return nowMs - since >= DIFFERENCE_MS || this.#state === 'synchronising' ? 'synchronising' : this.#calm()
  }

  /** A young difference does not change what is shown. */
  #calm(): NetworkNodeState {
    return this.#equalAtMs === undefined ? 'starting' : 'in-step'
  }

  #become(state: NetworkNodeState, nowMs: number): void {
    if (state === this.#state) return
    this.#state = state
    this.#stateSinceMs = state === 'synchronising' || state === 'apart' ? (this.#differentSinceMs ?? nowMs) : nowMs
  }
}
