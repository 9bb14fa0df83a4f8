import { feltSchema, requestIdSchema, studyIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import { UnknownEventError } from '../errors.ts'
import { accountShape, addressShape, amountShape, countShape, feltShape, idShape, u256Shape } from '../shapes.ts'

/** Where an event stands: block, transaction in the block, event in the transaction. */
export const eventPlaceSchema = z.object({
  blockNumber: z.number().int().min(0),
  transactionIndex: z.number().int().min(0),
  eventIndex: z.number().int().min(0),
  transaction: feltSchema,
})
export type EventPlace = z.output<typeof eventPlaceSchema>

/** Terms of a study as the contract names them, in camel case. */
const eventTermsShape = z.object({
  organisation: idShape,
  purpose: countShape,
  token: accountShape,
  price: amountShape,
  hospitalBps: countShape,
  poolBps: countShape,
  capPerPatient: countShape,
  minCohort: countShape,
  bond: amountShape,
  deadlineS: countShape,
  answerWithinS: countShape,
  details: feltShape,
})

/** All four contracts tell of upgrades: which one it was is not in the event, but where it comes from. */
const contract = z.enum(['participants', 'consentRegistry', 'accessLog', 'rewardPool'])
const organisation = idShape
const commitment = idShape
const study = countShape.pipe(studyIdSchema)
const request = countShape.pipe(requestIdSchema)

/**
 * The fields of each event, by the event's name; a test holds this table against the generated ABIs. What comes out goes in again, so that
 * an event that was stored as JSON (`eventJson`) is parsed by the same table.
 */
export const eventShapes = {
  OrganisationAdmitted: z.object({ id: organisation, role: countShape, name: feltShape, payout: accountShape }),
  OrganisationSuspended: z.object({ id: organisation }),
  OrganisationReinstated: z.object({ id: organisation }),
  PayoutChanged: z.object({ id: organisation, payout: accountShape }),
  OperatorAdded: z.object({ id: organisation, operator: accountShape }),
  OperatorRemoved: z.object({ id: organisation, operator: accountShape }),
  EncryptionKeySet: z.object({ operator: accountShape, key: u256Shape }),
  OwnershipOffered: z.object({ from: accountShape, to: addressShape, readyAtS: countShape }),
  OwnershipAccepted: z.object({ from: addressShape, to: accountShape }),
  PowersPlanned: z.object({ account: accountShape, powers: countShape, readyAtS: countShape }),
  PowersChanged: z.object({ account: accountShape, powers: countShape }),
  UpgradePlanned: z.object({ contract, classHash: feltShape, readyAtS: countShape }),
  UpgradeCancelled: z.object({ contract, classHash: feltShape }),
  Upgraded: z.object({ contract, classHash: feltShape }),
  ConsentGranted: z.object({ patient: accountShape, commitment, grantedAtS: countShape }),
  ConsentReplaced: z.object({ patient: accountShape, old: commitment, new: commitment, replacedAtS: countShape }),
  ConsentRevoked: z.object({ patient: accountShape, commitment, revokedAtS: countShape }),
  GuardianNamed: z.object({ patient: accountShape, guardian: accountShape, untilS: countShape }),
  GuardianDismissed: z.object({ patient: accountShape, guardian: accountShape }),
  NonceUsed: z.object({ signer: addressShape, nonce: countShape }),
  EntryAppended: z.object({
    patient: accountShape,
    hospital: organisation,
    index: countShape,
    kind: countShape,
    reference: countShape,
    digest: feltShape,
    loggedAtS: countShape,
  }),
  BatchAppended: z.object({ hospital: organisation, index: countShape, root: feltShape, loggedAtS: countShape }),
  DisputeOpened: z.object({
    patient: accountShape,
    hospital: organisation,
    entryId: feltShape,
    request: countShape,
    statement: feltShape,
  }),
  DisputeResolved: z.object({ patient: accountShape, entryId: feltShape, isUpheld: z.boolean() }),
  PoolSet: z.object({ pool: accountShape }),
  StudyOpened: z.object({ study, organisation, token: accountShape, funder: accountShape, terms: eventTermsShape }),
  StudyFunded: z.object({ study, from: accountShape, amount: amountShape }),
  StudyRefunded: z.object({ study, funder: accountShape, amount: amountShape }),
  RequestOpened: z.object({
    request,
    hospital: organisation,
    patient: accountShape,
    study,
    requester: accountShape,
    digest: feltShape,
    price: amountShape,
    expiresAtS: countShape,
  }),
  RequestSettled: z.object({
    request,
    study,
    patient: accountShape,
    hospital: organisation,
    entry: feltShape,
    patientShare: amountShape,
    hospitalShare: amountShape,
    poolShare: amountShape,
  }),
  RequestRefused: z.object({ request, study, patient: accountShape, hospital: organisation, entry: feltShape }),
  RequestExpired: z.object({ request, study, patient: accountShape }),
  RewardClaimed: z.object({ account: accountShape, token: accountShape, amount: amountShape }),
  OrganisationRewardClaimed: z.object({ organisation, token: accountShape, payout: accountShape, amount: amountShape }),
  PoolShareClaimed: z.object({ token: accountShape, to: accountShape, amount: amountShape }),
  StudyClosed: z.object({
    study,
    funder: accountShape,
    toFunder: amountShape,
    toPool: amountShape,
    compensation: amountShape,
    upheld: countShape,
  }),
  StudyDisputed: z.object({ study, request }),
  StudyDisputeEnded: z.object({ study, request, isUpheld: z.boolean() }),
  PatientCompensated: z.object({ request, study, patient: accountShape, amount: amountShape }),
  Paused: z.object({ by: accountShape }),
  Unpaused: z.object({ by: accountShape }),
} as const

export type ChainEventName = keyof typeof eventShapes
/** What an event of this name says. */
export type EventFields<N extends ChainEventName> = z.output<(typeof eventShapes)[N]>

const eventNames = Object.keys(eventShapes) as [ChainEventName, ...ChainEventName[]]

/** An event that this version reads. */
export type KnownEvent = { [N in ChainEventName]: { readonly type: N; readonly at: EventPlace } & Readonly<EventFields<N>> }[ChainEventName]

/** Why an event cannot be read: no event of ours has its selector; it has more or fewer felts than it should; or a felt means nothing. */
export const SET_ASIDE_REASONS = ['unknown-event', 'wrong-length', 'out-of-range'] as const

const setAsideShape = z.object({
  contract,
  of: z.enum(eventNames).nullable().catch(null),
  reason: z.enum(SET_ASIDE_REASONS),
  keys: z.array(feltSchema),
  data: z.array(feltSchema),
})

/** An event of a contract of ours that this version cannot read, as the node gave it; `of` is its name when its selector is known. */
export type UnreadEvent = z.output<typeof setAsideShape>

/**
 * An event that is kept unread. It must not stop anything else; whoever it is about (`subjectsOf`) is trusted no further than before it.
 */
export type SetAsideEvent = { readonly type: 'SetAside'; readonly at: EventPlace } & Readonly<UnreadEvent>

/** Something that happened on chain, told apart by `type`. */
export type ChainEvent = KnownEvent | SetAsideEvent

type Pending<E> = E extends unknown ? Omit<E, 'at'> & { readonly transaction: EventPlace['transaction'] } : never
/** What an event says without where it stands: all there is while it is only pre-confirmed. */
export type PendingEvent = Pending<ChainEvent>

/** An event as JSON text; whole numbers beyond 53 bits as decimal strings. */
export function eventJson(event: ChainEvent): string {
  return JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

const storedSchema = z.looseObject({ type: z.enum([...eventNames, 'SetAside']), at: eventPlaceSchema })

/**
 * An event from what `eventJson` made of it, already parsed as JSON.
 * @throws {UnknownEventError} It is none of this version's events.
 */
export function eventFromJson(json: unknown): ChainEvent {
  const stored = storedSchema.safeParse(json)
  if (!stored.success) throw new UnknownEventError('stored')
  const { type, at } = stored.data
  const fields = type === 'SetAside' ? setAsideShape.safeParse(json) : eventShapes[type].safeParse(json)
  if (!fields.success) throw new UnknownEventError('stored')
  return { ...fields.data, type, at } as ChainEvent
}
