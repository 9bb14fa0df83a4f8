import { type Chain, type ChainEvent, type ContractName, callOf, grantConsent, nameGuardianCalls, waitForTransaction } from '@medsync/chain'
import {
  ADDRESS_END,
  accessesSchema,
  type Commitment,
  type Felt,
  felt,
  patientConsentsSchema,
  readySchema,
  releaseSchema,
  STARK_PRIME,
  slugToOrganisationId,
} from '@medsync/protocol'
import { localAccount } from '@medsync/testing'
import { type Account, type Call, hash } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventStore } from '../../services/gateway/src/chain/eventStore.ts'
import { type Ask, ask, ended, enrol, grant, openStudy, publishKey, viewOf } from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

const BOUNDARIES = [
  1n,
  2n ** 64n,
  2n ** 128n,
  ADDRESS_END - 1n,
  ADDRESS_END,
  2n ** 251n - 1n,
  2n ** 251n,
  STARK_PRIME - 2n,
  STARK_PRIME - 1n,
].map(felt)
/** Not yet addresses for Starknet, addresses all the same for Cairo. */
const NOBODY = [ADDRESS_END, 2n ** 251n - 1n].map((value) => felt(value))

const SELECTOR = felt(hash.getSelectorFromName('ConsentGranted'))

let stage: AccessStage
let chain: Chain

beforeAll(async () => {
  stage = await AccessStage.raise()
  chain = stage.deployment
})
afterAll(() => stage.stop())

const account = (label: string): Account => localAccount(stage.deployment.rpcUrl, stage.accounts, label)
const addressOf = (label: string): Felt => felt(account(label).address)

async function send(label: string, calls: Call[]): Promise<void> {
  await waitForTransaction(stage.deployment, felt((await account(label).execute(calls, { tip: 0n })).transaction_hash))
}

const grantOf = (commitment: Felt): Call => callOf(chain, 'consentRegistry', 'grant', [commitment])
const replace = (old: Felt, fresh: Felt): Call => callOf(chain, 'consentRegistry', 'replace', [old, fresh])
const revoke = (commitment: Felt): Call => callOf(chain, 'consentRegistry', 'revoke', [commitment])
const state = (label: string, commitment: Felt): string => stage.gateway.chain.state.consents.effective(addressOf(label), commitment)

/** Stores other events in the place of those that the gateway has, as it would have stored them itself. */
async function replaceEvents(change: (events: readonly ChainEvent[]) => readonly unknown[]): Promise<void> {
  const { database, deployment, keys } = stage.gateway
  const store = new EventStore(database, deployment, keys)
  const kept = await store.load(() => expect.unreachable('the stored events are not authentic'))
  if (kept === undefined) return expect.unreachable('nothing is stored')
  await database.inShared((tx) => tx.run('DELETE FROM chain_events', []))
  const head = kept.cursor.recent.at(-1) ?? expect.unreachable('the cursor stands at no block')
  await store.store({ kind: 'events', events: change(kept.events) as ChainEvent[], cursor: kept.cursor, head })
}

async function ready(): Promise<ReturnType<typeof readySchema.parse>> {
  return readySchema.parse(await (await fetch(`${stage.origin}/ready`)).json())
}

async function honestGrantIsSeen(commitment: Commitment): Promise<void> {
  await waitForTransaction(stage.deployment, await grantConsent(account(LABELS.alice), stage.deployment, { commitment }))
  await stage.caughtUp()
  expect(state(LABELS.alice, commitment)).toBe('active')
  expect((await ready()).status).toBe('ready')
}

describe('one stranger’s transaction', () => {
  test('does not stop a gateway that runs: commitments of 2^251 and P - 1 are consents as any other', async () => {
    for (const commitment of [felt(2n ** 251n), felt(STARK_PRIME - 1n)]) {
      await send(LABELS.bob, [grantOf(commitment)])
      await stage.caughtUp()
      expect(state(LABELS.bob, commitment)).toBe('active')
    }
    await honestGrantIsSeen(felt(0xa11ce))
  })

  test('does not stop a gateway that catches up, with every boundary felt in everything that anybody may call', async () => {
    await stage.stopGateway()
    await send(LABELS.carol, BOUNDARIES.map(grantOf))
    const later = BOUNDARIES.map((each) => felt(BigInt(each) - 1_000n > 0n ? BigInt(each) - 1_000n : BigInt(each) + 1_000n))
    await send(
      LABELS.carol,
      later.map((fresh, index) => replace(BOUNDARIES[index] ?? fresh, fresh)),
    )
    await send(LABELS.carol, later.slice(0, 4).map(revoke))
    const order = { revoke: later.slice(4, 5), replace: [], grant: [felt(STARK_PRIME - 5n), felt(2n ** 251n + 5n)] }
    await send(LABELS.carol, [callOf(chain, 'consentRegistry', 'submit', [addressOf(LABELS.carol), order])])
    await send(LABELS.carol, [callOf(chain, 'consentRegistry', 'burn_nonces', [1_000_000n])])
    const alone = { index: 0, path: [] }
    await send(LABELS.carol, [
      grantOf(felt(STARK_PRIME - 9n)),
      callOf(chain, 'consentRegistry', 'revoke_member', [addressOf(LABELS.carol), felt(STARK_PRIME - 9n), alone]),
    ])
    await stage.startGateway()
    expect(state(LABELS.carol, later[8] ?? felt(0))).toBe('active')
    expect(state(LABELS.carol, later[0] ?? felt(0))).toBe('revoked')
    expect(state(LABELS.carol, BOUNDARIES[8] ?? felt(0))).toBe('replaced')
    expect(state(LABELS.carol, felt(STARK_PRIME - 5n))).toBe('active')
    expect(state(LABELS.carol, felt(STARK_PRIME - 9n))).toBe('revoked')
    await honestGrantIsSeen(felt(0xa11cf))
  })

  test('that cannot be read is set aside, counted and told once, over a restart too, and the reader goes on', async () => {
    expect((await ready()).setAsideEvents).toBeUndefined()
    const untilS = Math.floor(Date.now() / 1_000) + 86_400 * 365
    for (const guardian of NOBODY) await send(LABELS.bob, nameGuardianCalls(chain, { guardian, untilS }))
    const [patient = felt(1)] = NOBODY
    await send(LABELS.mercyGateway, [callOf(chain, 'accessLog', 'append', [patient, 1, felt(STARK_PRIME - 1n)])])
    await honestGrantIsSeen(felt(0xa11d0))
    expect((await ready()).setAsideEvents).toBe(3)
    const told = stage.log.filter((line) => line.includes('"chain.set-aside"')).map((line): unknown => JSON.parse(line))
    expect(told).toMatchObject([
      { contract: 'consentRegistry', of: 'GuardianNamed', reason: 'out-of-range' },
      { contract: 'consentRegistry', of: 'GuardianNamed', reason: 'out-of-range' },
      { contract: 'accessLog', of: 'EntryAppended', reason: 'out-of-range' },
    ])
    expect(JSON.stringify(told)).not.toContain(patient.slice(2))
    await stage.stopGateway()
    await stage.startGateway()
    expect((await ready()).setAsideEvents).toBe(3)
    await honestGrantIsSeen(felt(0xa11d1))
  })

  test('does not stop a hospital’s or an office’s pages either', async () => {
    await send(LABELS.mercyGateway, [
      callOf(chain, 'accessLog', 'append', [addressOf(LABELS.alice), 1, felt(STARK_PRIME - 1n)]),
      callOf(chain, 'accessLog', 'append_batch', [felt(STARK_PRIME - 1n)]),
    ])
    await stage.caughtUp()
    const alice = await stage.signedIn(LABELS.alice)
    const entries = stage.gateway.chain.state.logs.entries(addressOf(LABELS.alice))
    expect(entries.map(({ digest, hospital }) => [digest, hospital])).toContainEqual([
      felt(STARK_PRIME - 1n),
      slugToOrganisationId('mercy'),
    ])
    expect((await alice.ask('GET', '/patient/accesses', accessesSchema)).items).toHaveLength(entries.length)
    await alice.ask('GET', '/patient/consents', patientConsentsSchema)
  })
})

describe('what an earlier version stored', () => {
  test('and this one cannot read is read from the chain again', async () => {
    await replaceEvents((events) => events.map((event) => ({ ...event, type: 'ConsentPainted' })))
    await stage.stopGateway()
    await stage.startGateway()
    expect(state(LABELS.alice, felt(0xa11ce))).toBe('active')
    await honestGrantIsSeen(felt(0xa11d2))
  })

  test('unread is read when this one can, and counts no more as unread', async () => {
    const before = (await ready()).setAsideEvents ?? 0
    // The grant as a version without that event would have kept it.
    await replaceEvents((events) =>
      events.map((event) => {
        if (event.type !== 'ConsentGranted' || event.commitment !== felt(0xa11ce)) return event
        const felts = { keys: [SELECTOR, event.patient, event.commitment], data: ['0x5'] }
        return { type: 'SetAside', at: event.at, contract: 'consentRegistry', of: null, reason: 'unknown-event', ...felts }
      }),
    )
    await stage.stopGateway()
    await stage.startGateway()
    expect(state(LABELS.alice, felt(0xa11ce))).toBe('active')
    expect((await ready()).setAsideEvents ?? 0).toBe(before)
  })
})

describe('what an event says that cannot be read', () => {
  /** Keeps an unread event, as one that the contract of a later version emits, in the place of an earlier one. */
  const keepUnread = async (contract: ContractName, name: string, keys: readonly Felt[]): Promise<void> => {
    const at = { blockNumber: stage.gateway.chain.blockNumber, transactionIndex: 900, eventIndex: 900, transaction: felt(0xfade) }
    const felts = { keys: [felt(hash.getSelectorFromName(name)), ...keys], data: [felt(1), felt(2)] }
    const unread = { type: 'SetAside', at, contract, of: null, reason: 'wrong-length', ...felts }
    await replaceEvents((events) => [...events.filter((event) => event.at.transactionIndex !== 900), unread])
  }

  test('ends what may leave under that consent and in that study, and nothing else', async () => {
    const [mercy, alice, northgate] = [
      await stage.signedIn(LABELS.mercy),
      await stage.signedIn(LABELS.alice),
      await stage.signedIn(LABELS.northgate),
    ]
    await enrol(mercy, alice, markedBundle('ZqAlice'))
    await publishKey(northgate)
    const study = await openStudy(northgate)
    const [doubtful, sound] = [await grant(alice), await grant(alice)]
    const asked = (commitment: Felt, of = study): Promise<Ask> => ask(northgate, { study: of, patient: alice, commitment })
    const [first, second] = [await asked(doubtful.commitment), await asked(sound.commitment)]
    for (const { digest } of [first, second]) expect(await ended(northgate, digest)).toMatchObject({ progress: 'settled' })
    const fetched = ({ digest }: Ask) => northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    await fetched(first)

    await keepUnread('consentRegistry', 'ConsentRevoked', [alice.address, doubtful.commitment])
    await stage.stopGateway()
    await stage.startGateway()
    await expect(fetched(first)).rejects.toMatchObject({ status: 502, code: 'chain/unknown-event' })
    expect((await fetched(second)).digest).toBe(second.digest)
    const refused = await asked(doubtful.commitment)
    expect(await ended(northgate, refused.digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })

    await keepUnread('rewardPool', 'StudyFunded', [felt(study), northgate.address])
    const other = await openStudy(northgate)
    await stage.stopGateway()
    await stage.startGateway()
    // The consent's event is gone from what is kept, so it counts again; its data was kept meanwhile.
    await fetched(first)
    const held = await asked(sound.commitment)
    const answered = await asked(sound.commitment, other)
    expect(await ended(northgate, answered.digest)).toMatchObject({ progress: 'settled' })
    expect(await viewOf(northgate, held.digest)).toMatchObject({ progress: 'open', reason: 'chain/unknown-event' })
  })
})
