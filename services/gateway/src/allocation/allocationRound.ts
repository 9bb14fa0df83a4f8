import { createHash } from 'node:crypto'
import type { Incoming, MemberView, RoundView } from '@medsync/context/app'
import { type ErrorCode, errorWords, type OrganisationId, organisationIdSchema } from '@medsync/protocol'
import type { Allocation } from '@medsync/protocol/allocation'
import * as z from 'zod'
import { type Contribution, digestOf, unpackContribution } from './contribution.ts'
import { MarketConflict } from './mergeMarket.ts'
import { openContribution } from './sealContribution.ts'

/** The one step of an allocation round: everybody contributes, then whoever opened it says what came of it. */
export const STEP = 0
export const KIND = 'allocation'
/** The app takes results of 64 KiB; the digest covers what is left out here. */
const MAX_PUBLISHED = 1_500

const parametersSchema = z.strictObject({ v: z.literal(1), /** The time that hours are compared with. */ nowS: z.int().min(0) })
const announcementSchema = z.strictObject({ v: z.literal(1), digest: z.string().regex(/^[0-9a-f]{64}$/) })
const executor = z.string().regex(/^[0-9a-f]{64}$/)
const resultSchema = z.strictObject({
  v: z.literal(1),
  /** Whose contributions are in it. */ counted: z.array(executor).max(64),
  /** By rank: rank, pseudonym, and 1 for a case that has a place. Nothing else is published of a case. */
  cases: z.array(z.tuple([z.int(), z.string().max(100), z.literal([0, 1])])).max(MAX_PUBLISHED),
  /** Of the whole allocation: whoever has the contributions comes to the same. */ digest: z.string().max(64),
})
const reasonSchema = z.object({
  code: z
    .string()
    .max(100)
    .refine((code): code is ErrorCode => Object.hasOwn(errorWords, code)),
  organisations: z.array(organisationIdSchema).max(64),
})

/** What a round published. */
export type Published = z.output<typeof resultSchema>
/** Why a round led to nothing. */
export type Doubt = z.output<typeof reasonSchema>

export const writeParameters = (nowS: number): string => JSON.stringify({ v: 1, nowS })
export const writeAnnouncement = (digest: string): string => Buffer.from(JSON.stringify({ v: 1, digest })).toString('base64')
export const writeReason = (doubt: Doubt): string => JSON.stringify(doubt)

/** The time of a round; undefined for one of another version. */
export const timeOf = ({ parameters }: RoundView): number | undefined => parse(parametersSchema, parameters)?.nowS
/** Undefined while there is none that can be read. */
export const resultOf = ({ result }: RoundView): Published | undefined => parse(resultSchema, result ?? '')
/** Undefined for words of another gateway. */
export const reasonOf = ({ reason }: RoundView): Doubt | undefined => parse(reasonSchema, reason ?? '')

/** What a round publishes of an allocation: ranks and pseudonyms. */
export function writeResult(allocation: Allocation, counted: readonly string[]): string {
  const cases = [
    ...allocation.allocated.map(({ rank, pseudonym }) => [rank, pseudonym, 1] as const),
    ...allocation.waiting.map(({ rank, pseudonym }) => [rank, pseudonym, 0] as const),
  ].sort(([one], [other]) => one - other)
  return JSON.stringify({ v: 1, counted: counted.toSorted(), cases: cases.slice(0, MAX_PUBLISHED), digest: digestOfAllocation(allocation) })
}

/** The same for everybody who comes to the same allocation. */
export const digestOfAllocation = (allocation: Allocation): string => createHash('sha256').update(JSON.stringify(allocation)).digest('hex')

/** How a place of ours reads a round. */
export type Reader = {
  readonly me: string
  readonly privateKey: CryptoKey
  readonly members: readonly MemberView[]
  /** The messages of a round's one step that are for this place or for all. */
  messagesOf(round: string): Promise<readonly Incoming[]>
}

/**
 * The contributions to a round, opened.
 * @throws {MarketConflict} Naming whose cannot be opened, or is not what its hospital announced.
 */
export async function readContributions(reader: Reader, round: RoundView): Promise<Map<OrganisationId, Contribution>> {
  const { members } = reader
  const messages = await reader.messagesOf(round.id)
  const contributions = new Map<OrganisationId, Contribution>()
  for (const from of contributorsOf(round)) {
    const organisation = organisationOf(members, from)
    if (organisation === undefined) continue
    const contribution = await openOne(
      reader,
      round.id,
      messages.filter((message) => message.from === from),
    )
    if (contribution === undefined || contributions.has(organisation))
      throw new MarketConflict('allocation/false-contribution', [organisation])
    contributions.set(organisation, contribution)
  }
  return contributions
}

/** Whose contributions to a round count so far. */
export const contributorsOf = ({ steps }: RoundView): readonly string[] => steps.find(({ step }) => step === STEP)?.contributed ?? []

/** The organisation of a node of the circle. */
export function organisationOf(members: readonly MemberView[], from: string): OrganisationId | undefined {
  return organisationIdSchema.safeParse(members.find(({ executor: each }) => each === from)?.organisation).data
}

async function openOne({ me, privateKey }: Reader, round: string, messages: readonly Incoming[]): Promise<Contribution | undefined> {
  const [open, ...others] = messages.filter(({ to }) => to === null)
  const [sealed, ...more] = messages.filter(({ to }) => to === me)
  if (open === undefined || sealed === undefined || others.length + more.length > 0) return undefined
  const announced = parse(announcementSchema, Buffer.from(open.sealed, 'base64').toString('utf8'))
  const packed = await openContribution(Buffer.from(sealed.sealed, 'base64'), privateKey, { round, from: sealed.from, to: me })
  if (announced === undefined || packed === undefined || digestOf(packed) !== announced.digest) return undefined
  return unpackContribution(packed)
}

function parse<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data
  } catch {
    // Anybody in the circle may write anything there: what is no JSON says nothing.
    return undefined
  }
}
