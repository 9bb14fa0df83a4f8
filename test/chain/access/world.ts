import { felt } from '@medsync/protocol'
import {
  type Devnet,
  declareMissing,
  devnetRpc,
  type LocalAccountWithKey,
  localAccount,
  readLocalAccounts,
  startDevnet,
  transactionDetails,
} from '@medsync/testing'
import { type Account, type Call, CallData, defaultDeployer, hash, RpcError, RpcProvider, transaction } from 'starknet'
import * as z from 'zod'

/** A felt in any writing. */
export type Value = string | bigint | number

/** What a contract call ended with: felts it returned, or the first text it failed with. */
export type Answer = { readonly isOk: true; readonly values: readonly bigint[] } | { readonly isOk: false; readonly reason: string }

/** An event as the chain has it. */
export type RawEvent = { readonly from: string; readonly keys: readonly bigint[]; readonly data: readonly bigint[] }

/** What a transaction did. */
export type Sent = { readonly hash: string; readonly block: number; readonly l2Gas: number; readonly events: readonly RawEvent[] }

/** Contracts of a world; `owner` of the participants is a puppet. */
export type WorldContracts = Record<'participants' | 'consentRegistry' | 'accessLog' | 'rewardPool', string>

/** A contract refused; `message` is its exact text. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/**
 * A node of one's own whose people are puppets: what any contract account may try, it can be told to try, and its failures are felts, not traces.
 * Nothing of what the applications use stands between test and chain.
 */
export type World = {
  readonly devnet: Devnet
  readonly chainId: string
  readonly accounts: readonly LocalAccountWithKey[]
  readonly contracts: WorldContracts
  /** Puppet that governs. */
  readonly owner: string
  /** The account with this label, with its key. */
  as(label: string): Account
  /** Deploys contracts of one class; a new address each. */
  deploy(contract: string, constructorCalldata: readonly Value[], count?: number): Promise<string[]>
  /** Sends a transaction. @throws {RefusedError} It was reverted. */
  send(calls: readonly Call[], label?: string): Promise<Sent>
  /** Lets a puppet make calls. @throws {RefusedError} One of them failed. */
  act(puppet: string, calls: readonly Call[]): Promise<Sent>
  /** What these calls of these puppets, one after the other in one transaction, would answer. Leaves no trace. */
  simulate(acts: readonly { readonly by: string; readonly call: Call }[]): Promise<Answer[]>
  /** Asks a view. @throws {RefusedError} It failed. */
  view(to: string, entrypoint: string, args?: readonly Value[]): Promise<bigint[]>
  /** All events of a contract so far. */
  eventsOf(address: string): Promise<RawEvent[]>
  /** Time of the newest block, seconds. On this node its transactions may have seen one second less. */
  nowS(): Promise<number>
  /** Time that the next transaction will see, seconds: it does not move until then. */
  nextS(): Promise<number>
  pass(seconds: number): Promise<void>
}

/** One call, its arguments as felts in the order of the ABI. */
export function callTo(contractAddress: string, entrypoint: string, args: readonly Value[] = []): Call {
  return { contractAddress, entrypoint, calldata: CallData.compile([...args]) }
}

/** The call that lets a puppet make these calls. */
export function actOf(puppet: string, calls: readonly Call[]): Call {
  const acts = calls.flatMap((call) => {
    const calldata = feltsOf(call)
    return [call.contractAddress, hash.getSelectorFromName(call.entrypoint), calldata.length, ...calldata]
  })
  return callTo(puppet, 'act', [calls.length, ...acts])
}

/** Arguments of a call as felts. */
export function feltsOf(call: Call): string[] {
  return z.array(z.string()).parse(call.calldata)
}

/** Text of a refusal; fails when nothing was refused. */
export async function refusalOf(sent: Promise<unknown>): Promise<string> {
  const error: unknown = await sent.then(
    () => new RangeError('it was not refused'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof RefusedError) return error.message
  throw error
}

const RELAYER = 'Governance'
const ACTED = BigInt(hash.getSelectorFromName('Acted'))
const eventSchema = z.object({ from_address: z.string().optional(), keys: z.array(z.string()), data: z.array(z.string()) })
type TraceCall = { calls: TraceCall[]; events: z.output<typeof eventSchema>[] }
const traceCallSchema: z.ZodType<TraceCall> = z.object({ calls: z.lazy(() => z.array(traceCallSchema)), events: z.array(eventSchema) })
const simulationSchema = z
  .array(
    z.object({
      transaction_trace: z.object({ execute_invocation: z.union([traceCallSchema, z.object({ revert_reason: z.string() })]) }),
    }),
  )
  .length(1)
const eventsSchema = z.object({ events: z.array(eventSchema), continuation_token: z.string().optional() })

/** Starts a node and deploys the four contracts, governed by a puppet. End it with `world.devnet.stop()`. */
export async function raiseWorld(options: { stateArchive?: boolean } = {}): Promise<World> {
  const devnet = await startDevnet(options)
  const provider = new RpcProvider({ nodeUrl: devnet.rpcUrl })
  const accounts = await readLocalAccounts(devnet.rpcUrl)
  const signers = new Map(accounts.map(({ label }) => [label, localAccount(devnet.rpcUrl, accounts, label)]))
  const as = (label: string): Account => {
    const signer = signers.get(label)
    if (signer === undefined) throw new RangeError(`no account ${label}`)
    return signer
  }
  const nonces = new Map<string, bigint>()
  let salt = 0

  const send: World['send'] = async (calls, label = RELAYER) => {
    const nonce = nonces.get(label) ?? BigInt(await as(label).getNonce())
    nonces.delete(label)
    const { transaction_hash } = await as(label).execute([...calls], transactionDetails(nonce))
    nonces.set(label, nonce + 1n)
    const receipt = await provider.waitForTransaction(transaction_hash, { retryInterval: 5 })
    if (!receipt.isSuccess()) throw new RefusedError(firstText(receipt.isReverted() ? receipt.revert_reason : 'no receipt'))
    return {
      hash: transaction_hash,
      block: receipt.block_number,
      l2Gas: Number(receipt.execution_resources.l2_gas),
      events: receipt.events.map(rawEvent),
    }
  }

  const deploy: World['deploy'] = async (contract, constructorCalldata, count = 1) => {
    nonces.delete(RELAYER)
    const { [contract]: classHash = '' } = await declareMissing(as(RELAYER), [contract])
    const built = Array.from({ length: count }, () => {
      salt += 1
      const payload = { classHash, salt: felt(salt), unique: false, constructorCalldata: constructorCalldata.map((value) => felt(value)) }
      return defaultDeployer.buildDeployerCall(payload, as(RELAYER).address)
    })
    await send(built.flatMap(({ calls }) => calls))
    return built.map(({ addresses }) => felt(addresses[0] ?? 0))
  }

  const act: World['act'] = async (puppet, calls) => {
    const sent = await send([actOf(puppet, calls)])
    // Its own answers are its last ones: a call-back of a token may have let it act in between.
    const own = answersIn(sent.events.filter(({ from }) => from === felt(puppet))).slice(-calls.length)
    const refused = own.find((answer) => !answer.isOk)
    if (refused?.isOk === false) throw new RefusedError(refused.reason)
    return sent
  }

  const simulate: World['simulate'] = async (acts) => {
    const sender = as(RELAYER)
    const simulated = await devnetRpc(devnet.rpcUrl, 'starknet_simulateTransactions', {
      block_id: 'latest',
      simulation_flags: ['SKIP_VALIDATE', 'SKIP_FEE_CHARGE'],
      transactions: [
        {
          type: 'INVOKE',
          version: '0x3',
          sender_address: sender.address,
          calldata: transaction
            .getExecuteCalldata(
              acts.map(({ by, call }) => actOf(by, [call])),
              '1',
            )
            .map((value) => felt(BigInt(value))),
          signature: [],
          nonce: felt(nonces.get(RELAYER) ?? BigInt(await sender.getNonce())),
          tip: '0x0',
          paymaster_data: [],
          account_deployment_data: [],
          nonce_data_availability_mode: 'L1',
          fee_data_availability_mode: 'L1',
          resource_bounds: {
            l1_gas: { max_amount: '0x0', max_price_per_unit: '0x0' },
            l2_gas: { max_amount: '0x3b9aca00', max_price_per_unit: '0x0' },
            l1_data_gas: { max_amount: '0xf4240', max_price_per_unit: '0x0' },
          },
        },
      ],
    })
    const trace = simulationSchema.parse(simulated)[0]?.transaction_trace.execute_invocation
    if (trace === undefined || 'revert_reason' in trace) throw new RefusedError(trace?.revert_reason ?? 'no trace')
    const answers = trace.calls.flatMap(({ events }) => answersIn(events.map(rawEvent)))
    if (answers.length !== acts.length) throw new RangeError(`${answers.length} answers to ${acts.length} calls`)
    return answers
  }

  const view: World['view'] = async (to, entrypoint, args = []) => {
    const answer = await provider.callContract(callTo(to, entrypoint, args)).catch((error: unknown) => {
      throw error instanceof RpcError ? new RefusedError(firstFelt(error.message)) : error
    })
    return answer.map(BigInt)
  }

  const eventsOf: World['eventsOf'] = async (address) => {
    const events: RawEvent[] = []
    let from: string | undefined
    do {
      const filter = { from_block: { block_number: 0 }, to_block: 'latest', address, chunk_size: 1_000, continuation_token: from }
      const page = eventsSchema.parse(await devnetRpc(devnet.rpcUrl, 'starknet_getEvents', { filter }))
      events.push(...page.events.map(rawEvent))
      from = page.continuation_token
    } while (from !== undefined)
    return events
  }

  const [owner = ''] = await deploy('Puppet', [])
  const [participants = ''] = await deploy('Participants', [owner])
  const [consentRegistry = ''] = await deploy('ConsentRegistry', [participants])
  const [accessLog = ''] = await deploy('AccessLog', [participants])
  const [rewardPool = ''] = await deploy('RewardPool', [participants, consentRegistry, accessLog])
  await act(owner, [callTo(accessLog, 'set_pool', [rewardPool])])

  return {
    devnet,
    chainId: felt(await provider.getChainId()),
    accounts,
    contracts: { participants, consentRegistry, accessLog, rewardPool },
    owner,
    as,
    deploy,
    send,
    act,
    simulate,
    view,
    eventsOf,
    nowS: async () => (await provider.getBlock('latest')).timestamp,
    nextS: async () => (await provider.getBlock('pre_confirmed')).timestamp,
    pass: async (seconds) => {
      await devnetRpc(devnet.rpcUrl, 'devnet_increaseTime', { time: seconds })
    },
  }
}

function rawEvent({ from_address, keys, data }: z.output<typeof eventSchema>): RawEvent {
  return { from: felt(from_address ?? 0), keys: keys.map(BigInt), data: data.map(BigInt) }
}

/** What puppets met, in order, from their events. */
function answersIn(events: readonly RawEvent[]): Answer[] {
  return events
    .filter(({ keys }) => keys[0] === ACTED)
    .map(({ keys, data }): Answer => {
      const values = data.slice(1)
      return keys[1] === 1n ? { isOk: true, values } : { isOk: false, reason: textOf(values[0] ?? 0n) }
    })
}

/** The short text in a felt. */
export function textOf(value: bigint): string {
  const digits = value.toString(16)
  return Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex').toString('latin1')
}

/** The network's own failure, which no contract can catch. */
const NOT_DEPLOYED = /Requested contract address 0x[0-9a-f]+ is not deployed/

/** The first text that a contract failed with; the whole trace when there is none. */
function firstText(trace: string): string {
  return /0x[0-9a-f]+ \('([^']+)'\)/.exec(trace)?.[1] ?? (NOT_DEPLOYED.test(trace) ? 'not deployed' : trace)
}

/** As `firstText`, where failures are bare felts. */
function firstFelt(message: string): string {
  const found = /\[\\*"(0x[0-9a-f]+)/.exec(message)?.[1]
  return found === undefined ? message : textOf(BigInt(found))
}
