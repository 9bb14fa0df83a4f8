import { AccountQueue, connectProvider, type Deployment } from '@medsync/chain'
import type { OrganisationId } from '@medsync/protocol'
import { Account } from 'starknet'
import type { Tenants } from '../tenants/tenants.ts'

/** The accounts that this gateway signs with, one queue each. */
export class Operators {
  readonly #queues: ReadonlyMap<OrganisationId, AccountQueue>

  /**
   * @param signal - Ends all their calls.
   * @param requireWriter - Awaited right before each transaction is sent; when it rejects, nothing is sent.
   */
  constructor(tenants: Tenants, deployment: Deployment, signal: AbortSignal, requireWriter: () => Promise<void> = async () => undefined) {
    const provider = connectProvider(deployment, { signal })
    const send = provider.invokeFunction.bind(provider)
    // Signing and estimating take time, in which another gateway may have taken over: this is the last moment.
    provider.invokeFunction = async (...invocation) => {
      await requireWriter()
      return await send(...invocation)
    }
    this.#queues = new Map(
      tenants.all.flatMap(({ organisation, operator }) => {
        if (operator === undefined) return []
        const account = new Account({ provider, address: operator.address, signer: operator.privateKey })
        return [[organisation, new AccountQueue(account, deployment)] as const]
      }),
    )
  }

  /** The queue of an organisation's account; undefined when this gateway does not sign for it. */
  queueOf(organisation: OrganisationId): AccountQueue | undefined {
    return this.#queues.get(organisation)
  }
}
