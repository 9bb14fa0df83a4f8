import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { callApp } from '@medsync/context/app'
import * as z from 'zod'
import { NAMES } from './networkStage.ts'
import { newTermsOn } from './newTermsOn.fixture.ts'
import type { Name, RoomsStage } from './roomsStage.ts'

/** What came of one kill. */
export type Kill = {
  /** Filings that were confirmed before it. */
  readonly confirmed: number
  /** From the node's new start until all nodes answered with the same state hash. */
  readonly apartS: number
  /** Nodes that answered no more and were started anew. */
  readonly stuck: number
  /** Copies that gateways had replaced. */
  readonly replaced: number
  /** Comparisons that gateways asked for. */
  readonly compared: number
  /** Filings, confirmed or made while the node was away, that some node did not have within a minute. */
  readonly missing: number
  /** Copies that were replaced: whose, and how long after the node's new start. */
  readonly replacements: readonly string[]
}

const KILLED: Name = 'stclare'
/** Writers straight to the node, as fast as it takes them, beside the gateway's own: a kill then falls into the middle of some writes. */
const FAST_WRITERS = 2
const LOOK_EVERY_MS = 200
const SEALED = Buffer.from('sealed').toString('base64')
/** Looks for what is missing, within a minute. */
const MOST_LOOKS = 20
const logLineSchema = z.object({ step: z.string(), node: z.string().optional(), time: z.number() })

/**
 * Kills a node while its gateway files terms through it and more is written straight to it, files others elsewhere, starts it again, and waits until all nodes have the same state.
 * Nobody helps but those who do in production: whoever runs the nodes, and the gateways.
 * @param writes - Filings to be confirmed before the kill.
 * @param patienceMs - When to give up waiting.
 */
export async function killAmidWrites(stage: RoomsStage, writes: number, patienceMs: number): Promise<Kill> {
  const { hospitals, circle } = stage
  const before = countsOf(stage)
  const confirmed = await writeUntilKilled(stage, writes)
  const elsewhere: string[] = []
  for (const name of ['mercy', 'lakeside'] as const) {
    const terms = newTermsOn(hospitals[name].gateway.deployment)
    // One that is stuck confirms nothing; its gateway files what it kept when the node answers again.
    if (await isFiled(hospitals[name].gateway.context.fileTerms(terms))) elsewhere.push(terms.commitment)
  }
  await circle.seatOf(KILLED).restart()
  const [startedMs, startedAt] = [performance.now(), Date.now()]
  while (!(await areEqual(stage)) && performance.now() - startedMs < patienceMs) await sleep(LOOK_EVERY_MS)
  const apartS = (performance.now() - startedMs) / 1_000
  const missing = await missingWithinMinute(stage, [...confirmed, ...elsewhere])
  const after = countsOf(stage)
  const replacements = after.replacements.slice(before.replacements.length)
  return {
    confirmed: confirmed.length,
    apartS: Math.round(apartS * 10) / 10,
    stuck: after.stuck - before.stuck,
    replaced: replacements.length,
    compared: after.compared - before.compared,
    missing,
    replacements: replacements.map(({ node, time }) => `${node} after ${Math.round((time - startedAt) / 1_000)} s`),
  }
}

async function writeUntilKilled({ hospitals, circle }: RoomsStage, writes: number): Promise<readonly string[]> {
  const { gateway } = hospitals[KILLED]
  const confirmed: string[] = []
  let isOver = false
  const write = async (file: () => { commitment: string; filing: Promise<unknown> }): Promise<void> => {
    while (!isOver) {
      const { commitment, filing } = file()
      if (await isFiled(filing)) confirmed.push(commitment)
      else await sleep(LOOK_EVERY_MS)
    }
  }
  const byGateway = () => {
    const terms = newTermsOn(gateway.deployment)
    return { commitment: terms.commitment, filing: gateway.context.fileTerms(terms) }
  }
  const straight = () => {
    const commitment = `0x1${randomBytes(16).toString('hex')}`
    const parties = [{ label: randomBytes(32).toString('hex'), sealed: SEALED }]
    const terms = { commitment, patient_tag: 'kills', parties, nonce: SEALED, filed_at_s: 1_000 }
    return { commitment, filing: callApp(circle.engine, KILLED, 'file_terms', terms) }
  }
  const writing = Promise.all([write(byGateway), ...Array.from({ length: FAST_WRITERS }, () => write(straight))])
  while (confirmed.length < writes) await sleep(5)
  await circle.seatOf(KILLED).node.kill()
  isOver = true
  await writing
  return confirmed
}

async function isFiled(filing: Promise<unknown>): Promise<boolean> {
  return await filing.then(
    () => true,
    () => false,
  )
}

/** And answer: one that is stuck can have the same hash for a while. */
async function areEqual({ circle }: RoomsStage): Promise<boolean> {
  const nodes = await circle.engine.status()
  return nodes.every(({ isAnswering, stateHash }) => isAnswering && stateHash !== undefined && stateHash === nodes[0]?.stateHash)
}

async function missingOf({ circle }: RoomsStage, all: readonly string[]): Promise<number> {
  let missing = 0
  for (const commitment of all) {
    const entries = await Promise.all(NAMES.map((name) => circle.engine.call(name, 'terms_by_commitment', { commitment }).catch(() => [])))
    if (entries.some((found) => !Array.isArray(found) || found.length === 0)) missing += 1
  }
  return missing
}

/** What a gateway filed and its node's copy lost is filed again within seconds. */
async function missingWithinMinute(stage: RoomsStage, all: readonly string[]): Promise<number> {
  for (let look = 1; ; look += 1) {
    const missing = await missingOf(stage, all)
    if (missing === 0 || look === MOST_LOOKS) return missing
    await sleep(60_000 / MOST_LOOKS)
  }
}

type Repair = z.output<typeof logLineSchema>

function countsOf({ hospitals, circle }: RoomsStage): { stuck: number; replacements: Repair[]; compared: number } {
  const repairs = NAMES.flatMap((name) => hospitals[name].log)
    .filter((line) => line.includes('"context.repair"'))
    .map((line) => logLineSchema.parse(JSON.parse(line)))
    .toSorted((one, other) => one.time - other.time)
  return {
    stuck: NAMES.reduce((sum, name) => sum + circle.seatOf(name).stuckCount, 0),
    replacements: repairs.filter(({ step }) => step === 'replace-copy'),
    compared: repairs.filter(({ step }) => step === 'compare').length,
  }
}

/** How long nodes were apart, and what it took, in a few lines. */
export function summarizeKills(kills: readonly Kill[]): string {
  const seconds = kills.map(({ apartS }) => apartS).toSorted((one, other) => one - other)
  const at = (share: number): number => seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))] ?? 0
  const kindOf = (what: 'stuck' | 'replaced' | 'compared' | 'missing'): string =>
    `${kills.filter((kill) => kill[what] > 0).length} (${kills.reduce((sum, kill) => sum + kill[what], 0)} in all)`
  return [
    `${kills.length} kills, ${kills.reduce((sum, { confirmed }) => sum + confirmed, 0)} filings confirmed before them`,
    `seconds apart: median ${at(0.5)}, 9 of 10 within ${at(0.9)}, longest ${at(1)}`,
    `kills after which a node was stuck and started anew: ${kindOf('stuck')}`,
    `kills after which a gateway asked for a comparison: ${kindOf('compared')}; had a copy replaced: ${kindOf('replaced')}`,
    `kills after which a node lacked a filing: ${kindOf('missing')}`,
  ].join('\n')
}
