import {
  type Arguments,
  abis,
  type ContractName,
  callOf,
  type Deployment,
  decodeContractError,
  decodeEvent,
  type EntryPoint,
  encode,
  type RawEvent,
} from '@medsync/chain'
import { felt, isErrorCode, MedsyncError } from '@medsync/protocol'
import {
  type Devnet,
  declareMissing,
  deployMedsync,
  devnetRpc,
  type LocalAccountWithKey,
  localAccount,
  startDevnet,
  transactionDetails,
} from '@medsync/testing'
import { type Account, type Call, CallData, defaultDeployer, hash, RpcProvider } from 'starknet'

/** What a transaction did. */
export type Outcome = {
  readonly hash: string
  readonly l2Gas: number
  /** Events of our contracts, decoded, in order; what a puppet did stands among them as `{ type: 'Acted', puppet, isOk, values }`. */
  readonly events: { type: string; [field: string]: unknown }[]
}

/** Contracts that only tests use. */
export type TestContract = 'TestToken' | 'OddToken' | 'Puppet'

/** A node of one's own with all contracts on it: time may pass here without disturbing another test. */
export type Stage = {
  readonly devnet: Devnet
  readonly deployment: Deployment
  readonly accounts: readonly LocalAccountWithKey[]
  /** The account with this label. */
  as(label: string): Account
  /** Runs one function of one contract; fails with the contract's own text. */
  send<C extends ContractName, E extends EntryPoint<C>>(label: string, contract: C, entrypoint: E, args: Arguments<C, E>): Promise<Outcome>
  sendCalls(label: string, calls: Call[]): Promise<Outcome>
  /** Text that the contract refuses with; fails when it does not refuse. */
  refusal(sent: Promise<unknown>): Promise<string>
  /** Answer of a view, as felts. */
  view<C extends ContractName, E extends EntryPoint<C>>(contract: C, entrypoint: E, args: Arguments<C, E>): Promise<bigint[]>
  /** Digest of a request, as answering it names it. */
  digestOf(request: bigint): Promise<string>
  /** Block time, seconds. */
  nowS(): Promise<number>
  pass(seconds: number): Promise<void>
  /** Deploys a contract that only tests use; another salt gives another one. */
  deploy(contract: TestContract, salt?: string): Promise<string>
}

export { abis }

/** Starts a node and deploys everything. End it with `stage.devnet.stop()`. */
export async function raise(): Promise<Stage> {
  const devnet = await startDevnet()
  const { deployment, accounts } = await deployMedsync(devnet)
  const provider = new RpcProvider({ nodeUrl: devnet.rpcUrl })
  const signers = new Map(accounts.map(({ label }) => [label, localAccount(devnet.rpcUrl, accounts, label)]))
  const as = (label: string): Account => {
    const signer = signers.get(label)
    if (signer === undefined) throw new RangeError(`no account ${label}`)
    return signer
  }

  /** One after another for each account: two at once would take the same nonce. */
  const last = new Map<string, Promise<unknown>>()
  const sendCalls = (label: string, calls: Call[]): Promise<Outcome> => {
    const sent = (last.get(label) ?? Promise.resolve()).then(() => sendNow(label, calls))
    last.set(
      label,
      sent.catch(() => undefined),
    )
    return sent
  }

  const puppets = new Set<string>()
  const sendNow = async (label: string, calls: Call[]): Promise<Outcome> => {
    const signer = as(label)
    const { transaction_hash } = await signer.execute(calls, transactionDetails(BigInt(await signer.getNonce())))
    const receipt = await provider.waitForTransaction(transaction_hash, { retryInterval: 10 })
    if (!receipt.isSuccess()) throw decodeContractError(new Error(receipt.isReverted() ? receipt.revert_reason : 'no receipt'))
    const ours = new Set<string>(Object.values(deployment.contracts))
    const events = receipt.events
      .map((event) => ({
        from_address: felt(event.from_address),
        transaction_hash: felt(transaction_hash),
        keys: event.keys.map((key) => felt(key)),
        data: event.data.map((value) => felt(value)),
      }))
      .filter(({ from_address }) => ours.has(from_address) || puppets.has(from_address))
      .map((event) => (ours.has(event.from_address) ? decodeEvent(deployment, event) : acted(event)))
    return { hash: transaction_hash, l2Gas: Number(receipt.execution_resources.l2_gas), events }
  }

  const view: Stage['view'] = async (contract, entrypoint, args) => {
    const call = { contractAddress: deployment.contracts[contract], entrypoint, calldata: encode(contract, entrypoint, args) }
    const answer = await provider.callContract(call).catch((error: unknown) => {
      throw decodeContractError(error)
    })
    return answer.map(BigInt)
  }

  const nowS = async (): Promise<number> => (await provider.getBlock('latest')).timestamp

  return {
    devnet,
    deployment,
    accounts,
    as,
    sendCalls,
    send: (label, contract, entrypoint, args) => sendCalls(label, [callOf(deployment, contract, entrypoint, args)]),
    refusal: async (sent) => {
      const error: unknown = await sent.then(
        () => new RangeError('it was not refused'),
        (thrown: unknown) => thrown,
      )
      if (error instanceof MedsyncError && isErrorCode(error.code)) return error.code
      throw error
    },
    view,
    digestOf: async (request) => felt((await view('rewardPool', 'request_of', [request])).at(-1) ?? 0n),
    nowS,
    pass: async (seconds) => {
      await devnetRpc(devnet.rpcUrl, 'devnet_increaseTime', { time: seconds })
    },
    deploy: async (contract, salt = hash.getSelectorFromName(contract)) => {
      const owner = as('Governance')
      const classes = await declareMissing(owner, [contract])
      const payload = { classHash: classes[contract], salt, unique: false, constructorCalldata: [] }
      const { addresses, calls } = defaultDeployer.buildDeployerCall(payload, owner.address)
      await sendCalls('Governance', calls)
      const contract_address = felt(addresses[0] ?? 0n)
      if (contract === 'Puppet') puppets.add(contract_address)
      return contract_address
    },
  }
}

/** What a puppet tells of one act: whether it went through, and what came back. */
function acted({ from_address, keys, data }: RawEvent): Outcome['events'][number] {
  return { type: 'Acted', puppet: from_address, isOk: keys[1] === felt(1), values: data.slice(1) }
}

/** Calldata of a function of a contract that is not ours, e.g. a token. */
export function rawCall(contractAddress: string, entrypoint: string, args: (string | bigint | number)[]): Call {
  return { contractAddress, entrypoint, calldata: CallData.compile(args) }
}
