import { type AccountAddress, account as address, ZERO } from '@medsync/protocol'
import { type Account, type Call, defaultDeployer } from 'starknet'
import { declareMissing } from './declareMissing.ts'
import { execute } from './execute.ts'

/** Addresses of the contracts of one deployment. */
export interface DeployedContracts {
  participants: AccountAddress
  consentRegistry: AccountAddress
  accessLog: AccountAddress
  rewardPool: AccountAddress
}

/** What a deployment left behind. */
export interface DeployOutcome {
  contracts: DeployedContracts
  /** First block with anything of ours in it; 0 when all was there before. */
  startBlock: number
}

/** The contracts that a deployment consists of; all others that are built are for tests. */
export const DEPLOYED_CONTRACTS = ['Participants', 'ConsentRegistry', 'AccessLog', 'RewardPool'] as const

const SALT = '0x4d656453796e63'

/**
 * Declares and deploys the contracts, and names the reward pool to the log. Whatever is there already is left as it is, so that it can be
 * run again at any time. Addresses follow from the classes, the owner and the salt: the same everywhere.
 * @param owner - Pays, and governs the participants.
 * @param salt - Another one gives another, independent deployment.
 */
export async function deployContracts(owner: Account, salt: string = SALT): Promise<DeployOutcome> {
  const startBlock = (await owner.provider.getBlockNumber()) + 1
  const classes = await declareMissing(owner, DEPLOYED_CONTRACTS)
  const calls: Call[] = []
  const participants = await plan(classes.Participants, [owner.address])
  const consentRegistry = await plan(classes.ConsentRegistry, [participants])
  const accessLog = await plan(classes.AccessLog, [participants])
  const rewardPool = await plan(classes.RewardPool, [participants, consentRegistry, accessLog])
  const isNew = calls.length > 0
  if (isNew || (await poolOf(owner, accessLog)) === ZERO) {
    calls.push({ contractAddress: accessLog, entrypoint: 'set_pool', calldata: [rewardPool] })
  }
  await execute(owner, calls)
  return { contracts: { participants, consentRegistry, accessLog, rewardPool }, startBlock: isNew ? startBlock : 0 }

  async function plan(classHash: string, constructorCalldata: string[]): Promise<AccountAddress> {
    const payload = { classHash, salt, unique: false, constructorCalldata }
    const built = defaultDeployer.buildDeployerCall(payload, owner.address)
    const deployed = address(built.addresses[0] ?? ZERO)
    if (!(await isDeployed(owner, deployed))) calls.push(...built.calls)
    return deployed
  }
}

async function isDeployed(owner: Account, contract: string): Promise<boolean> {
  try {
    await owner.provider.getClassHashAt(contract)
    return true
  } catch (error) {
    if (error instanceof Error && /contract not found/i.test(error.message)) return false
    throw error
  }
}

async function poolOf(owner: Account, accessLog: string): Promise<string> {
  const [pool] = await owner.provider.callContract({ contractAddress: accessLog, entrypoint: 'pool', calldata: [] })
  return pool ?? ZERO
}
