import { orderFelts } from './orders.ts'
import { type Asked, DAY_S, type Offer, type Opening, offer, offerFelts, openingFelts, openingFor, short } from './shapes.ts'
import { callTo, raiseWorld, type Sent, type Value, type World } from './world.ts'

export type Trader = 'patient' | 'hospital' | 'researcher' | 'owner' | 'stranger'

/** A world in which money flows: one hospital, one office, one patient who consents to its research, all puppets. */
export type Market = {
  readonly world: World
  readonly pool: string
  readonly people: Readonly<Record<Trader, string>>
  readonly office: bigint
  readonly hospital: bigint
  readonly opening: Opening
  /** Lets one of them call the pool. */
  act(by: Trader, entrypoint: string, args?: readonly Value[]): Promise<Sent>
  /** Gives the researcher all they may want of a token, and the pool the right to take it. */
  stock(token: string): Promise<void>
  /** Opens a study that ends in 20 days; 20 percent to the hospital, 5 to the pool, unless said otherwise. */
  open(token: string, deposit: bigint, changes?: Partial<Offer>): Promise<bigint>
  ask(study: bigint): Promise<Asked>
  settle(asked: Asked): Promise<Sent>
  /** Until the study can be closed. */
  passUntilClosable(study: bigint): Promise<void>
  balance(token: string, of: string): Promise<bigint>
  /** What the pool owes or holds in escrow, and what it has. */
  books(token: string): Promise<{ liabilities: bigint; held: bigint }>
  owed(token: string): Promise<Record<'patient' | 'researcher' | 'hospital' | 'pool', bigint>>
}

/** Raises a market. End it with `market.world.devnet.stop()`. */
export async function raiseMarket(): Promise<Market> {
  const world = await raiseWorld()
  const { contracts, owner } = world
  const pool = contracts.rewardPool
  const [patient = '', gateway = '', researcher = '', stranger = ''] = await world.deploy('Puppet', [], 4)
  const people = { patient, hospital: gateway, researcher, owner, stranger }
  const [hospital, office] = [short('mercy'), short('northgate')]
  await world.act(owner, [
    callTo(contracts.participants, 'admit', [hospital, 1, hospital, gateway, gateway]),
    callTo(contracts.participants, 'admit', [office, 2, office, researcher, researcher]),
  ])
  const opening = openingFor(office, 0x5a17n)
  const [consent = 0n] = await world.view(contracts.consentRegistry, 'commit', [patient, ...openingFelts(opening)])
  const order = orderFelts({ revoke: [], replace: [], grant: [consent] })
  await world.act(patient, [callTo(contracts.consentRegistry, 'submit', [patient, ...order])])
  let digest = 0xd0n

  const act: Market['act'] = (by, entrypoint, args = []) => world.act(people[by], [callTo(pool, entrypoint, args)])
  const value = async (entrypoint: string, args: readonly Value[]): Promise<bigint> => (await world.view(pool, entrypoint, args))[0] ?? 0n
  const balance: Market['balance'] = async (token, of) => {
    const [low = 0n, high = 0n] = await world.view(token, 'balance_of', [of])
    return low + (high << 128n)
  }
  const settle: Market['settle'] = (asked) =>
    act('hospital', 'settle', [asked.id, asked.digest, ...openingFelts(opening), asked.digest + 0xe000n])

  return {
    world,
    pool,
    people,
    office,
    hospital,
    opening,
    act,
    settle,
    balance,
    stock: async (token) => {
      await world.send([callTo(token, 'mint', [researcher, 2n ** 120n, 0])])
      await world.act(researcher, [callTo(token, 'approve', [pool, 2n ** 128n - 1n, 2n ** 128n - 1n])])
    },
    open: async (token, deposit, changes = {}) => {
      const terms = offer({ organisation: office, token, deadlineS: (await world.nowS()) + 20 * DAY_S, cap: 100, ...changes })
      await act('researcher', 'open_study', [...offerFelts(terms), deposit])
      return await value('study_count', [])
    },
    ask: async (study) => {
      digest += 1n
      await act('researcher', 'request', [study, patient, hospital, digest])
      return { id: await value('request_count', []), digest }
    },
    passUntilClosable: async (study) => {
      const untilS = Number(await value('closes_at_s', [study]))
      const nowS = await world.nowS()
      if (untilS > nowS) await world.pass(untilS - nowS)
    },
    books: async (token) => ({ liabilities: await value('liabilities', [token]), held: await balance(token, pool) }),
    owed: async (token) => ({
      patient: await value('owed', [token, patient]),
      researcher: await value('owed', [token, researcher]),
      hospital: await value('owed_to_organisation', [token, hospital]),
      pool: await value('owed_to_pool', [token]),
    }),
  }
}
