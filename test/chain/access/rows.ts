import { orderFelts } from './orders.ts'
import { CALLERS, type Caller, FRESH, PLANNED, type Scene } from './scene.ts'
import { type Asked, membershipFelts, offerFelts, openingFelts } from './shapes.ts'
import type { Value, WorldContracts } from './world.ts'

export type ContractName = keyof WorldContracts

/** When the call can go through: at once, or once a time has come. In this order. */
export const MOMENTS = ['now', 'after the delay of two days', 'after the deadline', 'when the study can be closed'] as const

/** One row of the table: a call that goes through for those who may, and for nobody else. */
export type Row = Try & { readonly contract: ContractName }

/** A row before it is known of which contract. */
type Try = {
  readonly entrypoint: string
  /** What is tried, when the function alone does not say it. */
  readonly what?: string
  readonly moment?: (typeof MOMENTS)[number]
  /** Who may, by the contract's documented interface. */
  readonly may: readonly Caller[]
  readonly args: (scene: Scene, caller: string) => readonly Value[] | Promise<readonly Value[]>
  /** Another contract of the same kind, in the state that the call needs. */
  readonly at?: (scene: Scene) => string
  /** Done before, by somebody else, in the same breath. */
  readonly before?: (
    scene: Scene,
  ) => readonly { readonly by: Caller; readonly to: string; readonly entrypoint: string; readonly args?: readonly Value[] }[]
}

const EVERYBODY = CALLERS
const NOTHING = { revoke: [], replace: [], grant: [] }
const NEW = 0xeeeen
const PATIENT_SIDE = ['patient', 'guardian'] as const
const HOSPITALS = ['hospital', 'other hospital'] as const

const consents: readonly Try[] = [
  row('grant', EVERYBODY, () => [NEW], 'a consent of the caller’s own'),
  row('replace', ['patient'], ({ consent }) => [consent, NEW], 'the patient’s consent'),
  row('revoke', ['patient'], ({ consent }) => [consent], 'the patient’s consent'),
  row(
    'revoke_member',
    PATIENT_SIDE,
    ({ people, member }) => [people.patient, member.commitment, ...membershipFelts(member)],
    'a consent in the patient’s bundle',
  ),
  row(
    'submit',
    PATIENT_SIDE,
    ({ people, consent }) => [people.patient, ...orderFelts({ ...NOTHING, revoke: [consent], grant: [NEW] })],
    'an order for the patient',
  ),
  row('submit_signed', EVERYBODY, (scene) => signedOrder(scene, scene.people.patient), 'brings an order that the patient signed'),
  row('submit_signed', PATIENT_SIDE, (scene, caller) => signedOrder(scene, caller), 'signs an order for the patient'),
  row('burn_nonces', EVERYBODY, () => [9], 'the caller’s own nonces'),
  row('name_guardian', EVERYBODY, async ({ world }) => [FRESH, (await world.nowS()) + 1_000], 'a guardian of the caller’s own'),
  row('dismiss_guardian', ['patient'], ({ people }) => [people.guardian], 'the patient’s guardian'),
]

const log: readonly Try[] = [
  row('append', HOSPITALS, ({ people }) => [people.patient, 1, NEW]),
  row('append_emergency', HOSPITALS, ({ people }) => [people.patient, 56, NEW]),
  row('append_batch', HOSPITALS, () => [NEW]),
  {
    ...row('append_for', ['reward pool'], ({ people, organisations }) => [organisations.mercy, people.patient, 1, 1, NEW]),
    at: ({ bareLog }) => bareLog,
    before: ({ bareLog, people }) => [{ by: 'owner', to: bareLog, entrypoint: 'set_pool', args: [people['reward pool']] }],
  },
  row('dispute_single', ['patient'], ({ single }) => [...single, NEW], 'an entry of the patient'),
  row('dispute_batched', ['patient'], ({ batched }) => [...batched, NEW], 'an entry of the patient'),
  row('resolve', ['may arbitrate', 'owner'], ({ people, disputeId }) => [people.patient, disputeId, 1]),
  { ...row('set_pool', ['owner'], ({ people }) => [people['reward pool']], 'of a log that has none'), at: ({ bareLog }) => bareLog },
]

const pool: readonly Try[] = [
  row('open_study', ['researcher', 'colleague'], ({ terms }) => studyOf(terms), 'for the researcher’s office'),
  row(
    'open_study',
    [],
    ({ terms, organisations }) => studyOf({ ...terms, organisation: organisations.westbay }),
    'for the suspended office',
  ),
  whilePaused(row('open_study', [], ({ terms }) => studyOf(terms), 'for the researcher’s office')),
  row('fund', ['researcher'], ({ study }) => [study, 10], 'the researcher’s study'),
  row('fund', ['suspended office'], ({ haltedStudy }) => [haltedStudy, 10], 'the suspended office’s study'),
  whilePaused(row('fund', [], ({ study }) => [study, 10], 'the researcher’s study')),
  row('request', ['researcher', 'colleague'], (scene) => requestOf(scene, scene.study), 'in the researcher’s study'),
  row('request', [], (scene) => requestOf(scene, scene.haltedStudy), 'in the suspended office’s study'),
  whilePaused(row('request', [], (scene) => requestOf(scene, scene.study), 'in the researcher’s study')),
  row('settle', ['hospital'], (scene) => settlementOf(scene, scene.openRequest), 'a request to the hospital'),
  row('settle', [], (scene) => settlementOf(scene, scene.strandedRequest), 'a request to the suspended hospital'),
  row('settle', [], (scene) => settlementOf(scene, scene.haltedRequest), 'a request of the suspended office to the hospital'),
  whilePaused(row('settle', [], (scene) => settlementOf(scene, scene.openRequest), 'a request to the hospital')),
  row('refuse', ['hospital'], ({ openRequest }) => refusalOf(openRequest), 'a request to the hospital'),
  row('refuse', [], ({ strandedRequest }) => refusalOf(strandedRequest), 'a request to the suspended hospital'),
  row('refuse', ['hospital'], ({ haltedRequest }) => refusalOf(haltedRequest), 'a request of the suspended office to the hospital'),
  whilePaused(row('refuse', ['hospital'], ({ openRequest }) => refusalOf(openRequest), 'a request to the hospital')),
  { ...row('expire', EVERYBODY, ({ openRequest }) => [openRequest.id]), moment: 'after the delay of two days' },
  row('claim', ['patient'], ({ token }) => [token], 'what the patient earned'),
  whilePaused(row('claim', ['patient'], ({ token }) => [token], 'what the patient earned')),
  row('claim_many', ['patient'], ({ token }) => [1, token], 'what the patient earned'),
  row('claim_for_organisation', ['hospital', 'suspended hospital'], ({ token }) => [token], 'what hospital and suspended hospital earned'),
  {
    ...row('claim_pool_share', ['owner'], ({ token }, caller) => [token, caller]),
    moment: 'when the study can be closed',
    before: closed,
  },
  { ...row('refund', ['researcher'], ({ study }) => [study], 'the researcher’s study'), moment: 'after the deadline' },
  {
    ...row('refund', ['suspended office'], ({ haltedStudy }) => [haltedStudy], 'the suspended office’s study'),
    moment: 'after the deadline',
  },
  { ...row('close', EVERYBODY, ({ study }) => [study]), moment: 'when the study can be closed' },
  {
    ...row('compensate', EVERYBODY, ({ harmedRequest }) => [harmedRequest], 'credits the patient, whoever calls'),
    moment: 'when the study can be closed',
    before: closed,
  },
  { ...row('dispute_opened', ['access log'], () => [1]), at: ({ deafPool }) => deafPool },
  { ...row('dispute_resolved', ['access log'], () => [1, 1]), at: ({ deafPool }) => deafPool },
  row('pause', ['may pause', 'owner'], () => []),
  whilePaused(row('unpause', ['owner'], () => [])),
]

const participants: readonly Try[] = [
  row('admit', ['may admit', 'owner'], () => [NEW, 1, 1, FRESH, FRESH]),
  row('suspend', ['may suspend', 'owner'], ({ organisations }) => [organisations.mercy]),
  row('reinstate', ['owner'], ({ organisations }) => [organisations.lakeside]),
  row('set_payout', ['owner'], ({ organisations }, caller) => [organisations.mercy, caller]),
  row('add_operator', ['owner'], ({ organisations }) => [organisations.mercy, FRESH]),
  row('remove_operator', ['may suspend', 'owner'], ({ people }) => [people.hospital]),
  row('set_encryption_key', [...HOSPITALS, 'researcher', 'colleague', 'other office'], () => [1, 0], 'the caller’s own key'),
  row('plan_powers', ['owner'], (_, caller) => [caller, 15]),
  { ...row('apply_powers', ['owner'], () => [PLANNED], 'that were planned'), moment: 'after the delay of two days' },
  row('revoke_powers', ['owner'], ({ people }) => [people['may admit']]),
  row('offer_ownership', ['owner'], (_, caller) => [caller]),
  { ...row('accept_ownership', ['next owner'], () => []), moment: 'after the delay of two days' },
]

const upgrades: readonly Try[] = [
  row('plan_upgrade', ['owner'], ({ classHash }) => [classHash]),
  row('cancel_upgrade', ['owner'], () => [], 'that was planned'),
  { ...row('upgrade', ['owner'], ({ classHash }) => [classHash], 'that was planned'), moment: 'after the delay of two days' },
]

/** Every function that changes state, with those who may call it. */
export const ROWS: readonly Row[] = [
  ...of('participants', participants),
  ...of('consentRegistry', consents),
  ...of('accessLog', log),
  ...of('rewardPool', pool),
]

function of(contract: ContractName, tries: readonly Try[]): Row[] {
  return [...tries, ...upgrades].map((each) => ({ ...each, contract }))
}

function row(entrypoint: string, may: readonly Caller[], args: Row['args'], what?: string): Try {
  return { entrypoint, may, args, ...(what === undefined ? {} : { what }) }
}

/** The same, after somebody paused the pool. */
function whilePaused(each: Try): Try {
  const what = each.what === undefined ? 'while paused' : `${each.what}, while paused`
  return { ...each, what, before: ({ world }) => [{ by: 'may pause', to: world.contracts.rewardPool, entrypoint: 'pause' }] }
}

function studyOf(terms: Scene['terms']): Value[] {
  return [...offerFelts({ ...terms, bond: 1n }), 10_000]
}

function requestOf({ people, organisations }: Scene, study: bigint): Value[] {
  return [study, people['other patient'], organisations.mercy, NEW]
}

function settlementOf({ opening }: Scene, { id, digest }: Asked): Value[] {
  return [id, digest, ...openingFelts(opening), NEW]
}

function refusalOf({ id, digest }: Asked): Value[] {
  return [id, digest, NEW]
}

function closed({ world, study }: Scene) {
  return [{ by: 'stranger' as const, to: world.contracts.rewardPool, entrypoint: 'close', args: [study] }]
}

/** An order for the patient, signed by a puppet: its signature is the hash. */
async function signedOrder({ world, people }: Scene, signer: string): Promise<Value[]> {
  const order = orderFelts({ ...NOTHING, grant: [NEW] })
  const deadlineS = (await world.nowS()) + 1_000_000
  const [hash = 0n] = await world.view(world.contracts.consentRegistry, 'order_hash', [people.patient, signer, ...order, 0, deadlineS])
  return [people.patient, signer, ...order, 0, deadlineS, 1, hash]
}
