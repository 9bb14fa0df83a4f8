import { accessLogModel } from '../../test/model/accessLog.ts'
import { consentsModel } from '../../test/model/consents.ts'
import { participantsModel } from '../../test/model/participants.ts'
import { puppetModel } from '../../test/model/puppet.ts'
import { rewardPoolModel } from '../../test/model/rewardPool.ts'
import { tokenModel } from '../../test/model/tokens.ts'
import { World } from '../../test/model/world.ts'

/** Who acts in a run, by name. Each is a `Puppet` on chain. */
export const ACTORS = [
  'patient 1',
  'patient 2',
  'patient 3',
  'patient 4',
  'guardian',
  'Mercy desk',
  'Mercy gateway',
  'Clare desk',
  'North researcher',
  'North gateway',
  'Harbour researcher',
  'owner',
  'power holder',
  'stranger',
] as const
export type ActorName = (typeof ACTORS)[number]

/** Contracts under test and the tokens that pay, by name. */
export const CONTRACTS = ['participants', 'consentRegistry', 'accessLog', 'rewardPool', 'tokenA', 'tokenB', 'oddToken'] as const
export type ContractName = (typeof CONTRACTS)[number]

/** Where everything stands on the chain. */
export type Addresses = {
  readonly chainId: bigint
  readonly actors: Readonly<Record<ActorName, bigint>>
  readonly contracts: Readonly<Record<ContractName, bigint>>
  /** Class of each of the four contracts: new code that is the old code. */
  readonly classHashes: ReadonlyMap<bigint, bigint>
}

/** The model of a fresh deployment. */
export function theatreOf({ chainId, actors, contracts }: Addresses) {
  const world = new World(chainId)
  const participants = participantsModel(world, contracts.participants, actors.owner)
  const { register } = participants
  const registry = consentsModel(world, contracts.consentRegistry, register)
  const log = accessLogModel(world, contracts.accessLog, register)
  const pool = rewardPoolModel(world, contracts.rewardPool, register, registry, log.address)
  const tokenA = tokenModel(world, contracts.tokenA, 'testToken')
  const tokenB = tokenModel(world, contracts.tokenB, 'testToken')
  const odd = tokenModel(world, contracts.oddToken, 'oddToken')
  const puppets = new Map(ACTORS.map((name) => [actors[name], puppetModel(world, actors[name])]))
  return { world, participants, registry, log, pool, tokenA, tokenB, odd, puppets }
}
export type Theatre = ReturnType<typeof theatreOf>
