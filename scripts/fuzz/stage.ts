import { type Devnet, declareMissing, devnetRpc, readLocalAccounts, startDevnet, transactionDetails } from '@medsync/testing'
import { Account, defaultDeployer, ec, RpcProvider, type Call as StarknetCall } from 'starknet'
import * as z from 'zod'
import { shortString } from '../../test/model/hashes.ts'
import { poseidonSpan } from '../../test/model/poseidon.ts'
import { ChoreError } from '../choreError.ts'
import { selectorOf } from './abiFelts.ts'
import { ACTORS, type Addresses } from './theatre.ts'

/** Block time of the first transaction of a run, seconds. */
export const START_S = 1_800_000_000n

/** One call as a puppet makes it. */
export type Act = { readonly from: bigint; readonly to: bigint; readonly selector: bigint; readonly calldata: readonly bigint[] }
/** An event as the chain says it. */
export type RawEvent = { readonly from: bigint; readonly keys: readonly bigint[]; readonly data: readonly bigint[] }
/** What became of one act: what was emitted meanwhile, then what it returned or the felts it failed with. */
export type Acted = { readonly isOk: boolean; readonly values: readonly bigint[]; readonly events: readonly RawEvent[] }

/** A signed transaction, as the node takes it. */
export type InvokeTransaction = { readonly [field: string]: unknown }

/** What a transaction may use at most, and pays for it. */
const MAX_GAS = 5_000_000_000n
const MAX_DATA_GAS = 1_000_000n
const PRICE = 10n ** 10n

const receiptSchema = z.object({
  execution_status: z.string(),
  revert_reason: z.string().optional(),
  events: z.array(z.object({ from_address: z.string(), keys: z.array(z.string()), data: z.array(z.string()) })),
})

/** A chain with fresh contracts; time goes as told, and everything can be put back to the beginning. */
export class Stage {
  readonly addresses: Addresses
  readonly #devnet: Devnet
  readonly #account: Account
  readonly #privateKey: string
  readonly #firstBlock: number
  readonly #firstNonce: bigint
  #nonce: bigint

  private constructor(devnet: Devnet, account: Account, privateKey: string, addresses: Addresses, firstBlock: number, nonce: bigint) {
    this.#devnet = devnet
    this.#account = account
    this.#privateKey = privateKey
    this.addresses = addresses
    this.#firstBlock = firstBlock
    this.#firstNonce = nonce
    this.#nonce = nonce
  }

  /** Starts a node and deploys everything. End it with `stop`. */
  static async raise(): Promise<Stage> {
    const devnet = await startDevnet({ stateArchive: true, startTimeS: Number(START_S) - 1_000 })
    const [first] = await readLocalAccounts(devnet.rpcUrl)
    if (first === undefined) throw new ChoreError('fuzz/no-account', 'The local node has no accounts.', 'Look at its log.')
    const provider = new RpcProvider({ nodeUrl: devnet.rpcUrl })
    const account = new Account({ provider, address: first.address, signer: first.privateKey })
    const classes = await declareMissing(account, [
      'Participants',
      'ConsentRegistry',
      'AccessLog',
      'RewardPool',
      'Puppet',
      'TestToken',
      'OddToken',
    ])
    const calls: StarknetCall[] = []
    const plan = (classHash: string, salt: number, constructorCalldata: string[] = []): string => {
      const built = defaultDeployer.buildDeployerCall(
        { classHash, salt: `0x${salt.toString(16)}`, unique: false, constructorCalldata },
        account.address,
      )
      calls.push(...built.calls)
      return built.addresses[0] ?? '0x0'
    }
    const actors = ACTORS.map((name, index) => [name, plan(classes.Puppet, index + 1)] as const)
    const owner = actors.find(([name]) => name === 'owner')?.[1] ?? '0x0'
    const participants = plan(classes.Participants, 1, [owner])
    const consentRegistry = plan(classes.ConsentRegistry, 1, [participants])
    const accessLog = plan(classes.AccessLog, 1, [participants])
    const rewardPool = plan(classes.RewardPool, 1, [participants, consentRegistry, accessLog])
    const [tokenA, tokenB, oddToken] = [plan(classes.TestToken, 1), plan(classes.TestToken, 2), plan(classes.OddToken, 1)]
    const nonce = BigInt(await account.getNonce())
    const { transaction_hash } = await account.execute(calls, transactionDetails(nonce))
    const receipt = await provider.waitForTransaction(transaction_hash, { retryInterval: 20 })
    if (!receipt.isSuccess()) throw new ChoreError('fuzz/deploy', 'The contracts could not be deployed.', JSON.stringify(receipt.value))
    const addresses: Addresses = {
      chainId: BigInt(await provider.getChainId()),
      actors: Object.fromEntries(actors.map(([name, address]) => [name, BigInt(address)])) as Addresses['actors'],
      contracts: {
        participants: BigInt(participants),
        consentRegistry: BigInt(consentRegistry),
        accessLog: BigInt(accessLog),
        rewardPool: BigInt(rewardPool),
        tokenA: BigInt(tokenA),
        tokenB: BigInt(tokenB),
        oddToken: BigInt(oddToken),
      },
      classHashes: new Map([
        [BigInt(participants), BigInt(classes.Participants)],
        [BigInt(consentRegistry), BigInt(classes.ConsentRegistry)],
        [BigInt(accessLog), BigInt(classes.AccessLog)],
        [BigInt(rewardPool), BigInt(classes.RewardPool)],
      ]),
    }
    return new Stage(devnet, account, first.privateKey, addresses, receipt.block_number + 1, nonce + 1n)
  }

  async stop(): Promise<void> {
    await this.#devnet.stop()
  }

  /** Takes back all transactions. */
  async reset(): Promise<void> {
    if (this.#nonce === this.#firstNonce) return
    await devnetRpc(this.#devnet.rpcUrl, 'devnet_abortBlocks', { starting_block_id: { block_number: this.#firstBlock } })
    this.#nonce = this.#firstNonce
  }

  /** Signs a transaction that makes these calls, each after the one before. */
  prepare(acts: readonly Act[]): InvokeTransaction {
    const calldata = calldataOf(acts)
    const nonce = this.#nonce++
    const gas = [tagged('L1_GAS', 0n), tagged('L2_GAS', MAX_GAS), tagged('L1_DATA', MAX_DATA_GAS)]
    const { chainId } = this.addresses
    const fields = [poseidonSpan([0n, ...gas]), poseidonSpan([]), chainId, nonce, 0n, poseidonSpan([]), poseidonSpan(calldata)]
    const transactionHash = poseidonSpan([shortString('invoke'), 3n, BigInt(this.#account.address), ...fields])
    const { r, s } = ec.starkCurve.sign(hex(transactionHash), this.#privateKey)
    return {
      type: 'INVOKE',
      version: '0x3',
      sender_address: hex(BigInt(this.#account.address)),
      calldata: calldata.map(hex),
      signature: [hex(r), hex(s)],
      nonce: hex(nonce),
      resource_bounds: { l1_gas: bounds(0n), l2_gas: bounds(MAX_GAS), l1_data_gas: bounds(MAX_DATA_GAS) },
      tip: '0x0',
      paymaster_data: [],
      account_deployment_data: [],
      nonce_data_availability_mode: 'L1',
      fee_data_availability_mode: 'L1',
    }
  }

  /** Makes this the time of the next transaction. */
  async setTime(nowS: bigint): Promise<void> {
    await devnetRpc(this.#devnet.rpcUrl, 'devnet_setTime', { time: Number(nowS), generate_block: true })
  }

  /**
   * Sends a transaction and reads what it did.
   * @throws {ChoreError} `fuzz/reverted` when not even the puppets could outlive what happened.
   */
  async send(transaction: InvokeTransaction): Promise<Acted[]> {
    const { transaction_hash } = z
      .object({ transaction_hash: z.string() })
      .parse(await devnetRpc(this.#devnet.rpcUrl, 'starknet_addInvokeTransaction', { invoke_transaction: transaction }))
    const receipt = receiptSchema.parse(await devnetRpc(this.#devnet.rpcUrl, 'starknet_getTransactionReceipt', { transaction_hash }))
    if (receipt.execution_status !== 'SUCCEEDED') {
      throw new ChoreError('fuzz/reverted', `The whole transaction failed: ${receipt.revert_reason ?? 'no reason'}`, 'See the calls above.')
    }
    const puppets = new Set(Object.values(this.addresses.actors))
    const ours = new Set([...puppets, ...Object.values(this.addresses.contracts)])
    const acted: Acted[] = []
    let events: RawEvent[] = []
    for (const { from_address, keys, data } of receipt.events) {
      const event = { from: BigInt(from_address), keys: keys.map(BigInt), data: data.map(BigInt) }
      if (!ours.has(event.from)) continue
      if (puppets.has(event.from) && event.keys[0] === selectorOf('Acted')) {
        acted.push({ isOk: event.keys[1] === 1n, values: event.data.slice(1), events })
        events = []
      } else events.push(event)
    }
    return acted
  }
}

/** Calldata of the account: acts of the same puppet, one after another, go into one call. */
function calldataOf(acts: readonly Act[]): bigint[] {
  const runs: Act[][] = []
  for (const act of acts) {
    const last = runs.at(-1)
    if (last?.[0]?.from === act.from) last.push(act)
    else runs.push([act])
  }
  const calls = runs.map((run) => {
    const calldata = [BigInt(run.length), ...run.flatMap((act) => [act.to, act.selector, BigInt(act.calldata.length), ...act.calldata])]
    return [run[0]?.from ?? 0n, selectorOf('act'), BigInt(calldata.length), ...calldata]
  })
  return [BigInt(calls.length), ...calls.flat()]
}

function tagged(name: string, amount: bigint): bigint {
  return (shortString(name) << 192n) + (amount << 128n) + PRICE
}

function bounds(amount: bigint): { max_amount: string; max_price_per_unit: string } {
  return { max_amount: hex(amount), max_price_per_unit: hex(PRICE) }
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`
}
