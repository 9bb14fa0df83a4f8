import { ContextUnavailableError } from '@medsync/context'
import type { AccountAddress, ErrorCode, Felt, OrganisationId, RequestId, RequestView, requestProgressSchema } from '@medsync/protocol'
import type * as z from 'zod'
import { type Hold, holdOf } from '../access/holdOf.ts'
import type { JournalEntry } from '../access/journal.ts'
import { mayCome } from '../access/mayCome.ts'
import type { KnownRequest } from '../chain/poolState.ts'
import type { Gateway } from '../composition.ts'
import type { FiledRequest } from './filedRequests.ts'

/** A request as far as it is known: filed, on chain, or both. */
export type Subject = { readonly digest: Felt; readonly known: KnownRequest | undefined; readonly filed: FiledRequest | undefined }

type Progress = z.output<typeof requestProgressSchema>
type Parked = NonNullable<RequestView['parked']>
/** Codes of why an answer waits. */
type Wait = Hold | Extract<ErrorCode, 'context/unreachable' | 'request/awaits-terms' | 'request/parked'>

/**
 * Requests as people see them: the chain's word, and while it has none yet, what the hospital's journal says (when it is served here).
 * @param reader - Why a request is parked is for the hospital's staff alone.
 */
export async function requestViews(gateway: Gateway, subjects: readonly Subject[], reader: 'hospital' | 'office'): Promise<RequestView[]> {
  const groups = Map.groupBy(subjects, ({ known, filed }) => known?.hospital ?? filed?.details.hospital)
  const views = new Map<Subject, RequestView>()
  for (const [hospital, group] of groups) {
    const digests = group.map(({ digest }) => digest)
    const slug = hospital === undefined ? undefined : gateway.tenants.find(hospital)?.slug
    const [entries, sizes] = await Promise.all([
      slug === undefined ? new Map<RequestId, JournalEntry>() : gateway.journal.latestOf(slug, digests),
      slug === undefined ? new Map<Felt, number>() : gateway.releases.sizes(slug, digests),
    ])
    for (const subject of group) {
      const entry = subject.known === undefined ? undefined : entries.get(subject.known.request)
      const hold = await waitOf(gateway, subject, entry)
      const parked = reader === 'hospital' ? parkedOf(gateway, subject) : undefined
      const view = viewOf(subject, { entry, hold, parked, sizeBytes: sizes.get(subject.digest) ?? null })
      if (view !== undefined) views.set(subject, view)
    }
  }
  return subjects.flatMap((subject) => views.get(subject) ?? [])
}

/** Why an open request still waits for its answer, as far as this gateway can tell. */
async function waitOf(gateway: Gateway, { known, filed }: Subject, entry: JournalEntry | undefined): Promise<Wait | undefined> {
  if (known?.state !== 'open') return undefined
  if (gateway.jobs.find(known.request)?.state === 'parked') return 'request/parked'
  const hold = holdOf(gateway.chain.state.pool, known)
  if (hold !== undefined || entry !== undefined || filed === undefined) return hold
  if (gateway.tenants.find(known.hospital) === undefined) return undefined
  try {
    return (await mayCome(gateway, filed.details)) ? 'request/awaits-terms' : undefined
  } catch (failure) {
    if (failure instanceof ContextUnavailableError) return 'context/unreachable'
    throw failure
  }
}

function parkedOf({ jobs }: Gateway, { known }: Subject): Parked | undefined {
  const job = known === undefined ? undefined : jobs.find(known.request)
  if (job?.state !== 'parked') return undefined
  return { code: job.code ?? 'request/unexpected', attempts: job.attempts, atS: job.changedAtS }
}

/** What is known of a request besides the chain's word. */
type Beside = {
  readonly entry: JournalEntry | undefined
  readonly hold: Wait | undefined
  readonly parked: Parked | undefined
  readonly sizeBytes: number | null
}

function viewOf(subject: Subject, { entry, hold, parked, sizeBytes }: Beside): RequestView | undefined {
  const { digest, known, filed } = subject
  const place = placeOf(subject)
  if (place === undefined) return undefined
  const progress = progressOf(known, entry, hold)
  return {
    digest,
    request: known?.request ?? null,
    ...place,
    progress,
    reason: reasonOf(progress, entry, hold),
    parked: parked ?? null,
    price: known === undefined ? null : String(known.price),
    expiresAtS: known?.expiresAtS ?? null,
    requestTransaction: known?.requestTransaction ?? null,
    answerTransaction: known?.answerTransaction ?? null,
    releaseBytes: progress === 'settled' ? sizeBytes : null,
    asked: filed === undefined ? null : askedOf(filed),
    filedAtS: filed?.filedAtS ?? 0,
  }
}

function askedOf({ details: { commitment, categories, dataFromS, dataToS } }: FiledRequest): RequestView['asked'] {
  return { commitment, categories, dataFromS, dataToS }
}

function placeOf({ known, filed }: Subject): Pick<RequestView, 'study' | 'patient' | 'hospital'> | undefined {
  const source: { study: RequestView['study']; patient: AccountAddress; hospital: OrganisationId } | undefined = known ?? filed?.details
  return source === undefined ? undefined : { study: source.study, patient: source.patient, hospital: source.hospital }
}

function progressOf(known: KnownRequest | undefined, entry: JournalEntry | undefined, hold: Wait | undefined): Progress {
  if (known === undefined) return 'filed'
  if (known.state !== 'open' || entry === undefined) return known.state
  if (entry.details.kind === 'refusal') return 'refusing'
  return hold === undefined ? 'settling' : 'open'
}

function reasonOf(progress: Progress, entry: JournalEntry | undefined, hold: Wait | undefined): string | null {
  if (progress === 'refused' || progress === 'refusing') return entry?.reason ?? null
  return progress === 'open' ? (hold ?? null) : null
}
