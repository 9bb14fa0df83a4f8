import type { Page } from 'playwright-core'
import { Account, type Call, RpcProvider, type TypedData } from 'starknet'

export type InjectedWallet = {
  /** Every call of the page to the wallet, by its type. */
  readonly calls: string[]
  /** Chain id that the wallet says it is on; change it to be on another network. */
  chainId: string
  /** Whether the person agrees to what is asked. */
  agrees: boolean
}

type WalletCall = { readonly type: string; readonly params?: unknown }
type InvokeParams = {
  readonly calls: readonly { readonly contract_address: string; readonly entry_point: string; readonly calldata?: string[] }[]
}

/**
 * Puts a wallet into the window as an extension does (`window.starknet_...`, Starknet wallet API). Its key stays in this process; the page
 * gets a bridge. Call it before the page is opened.
 */
export async function injectWallet(
  page: Page,
  { rpcUrl, address, privateKey, chainId }: { rpcUrl: string; address: string; privateKey: string; chainId: string },
): Promise<InjectedWallet> {
  const account = new Account({ provider: new RpcProvider({ nodeUrl: rpcUrl }), address, signer: privateKey, cairoVersion: '1' })
  const wallet: InjectedWallet = { calls: [], chainId, agrees: true }
  await page.exposeFunction('__testWallet', async ({ type, params }: WalletCall): Promise<unknown> => {
    wallet.calls.push(type)
    if (type === 'wallet_requestChainId') return wallet.chainId
    if (type === 'wallet_getPermissions') return ['accounts']
    if (type === 'wallet_supportedSpecs') return ['0.8', '0.9', '0.10']
    if (type === 'wallet_requestAccounts') return [address]
    if (!wallet.agrees) return { __error: { code: 113, message: 'An error occurred (USER_REFUSED_OP)' } }
    if (type === 'wallet_signTypedData') return await account.signMessage(params as TypedData)
    if (type !== 'wallet_addInvokeTransaction') return { __error: { code: 162, message: `not supported: ${type}` } }
    const calls = (params as InvokeParams).calls.map(
      (call): Call => ({ contractAddress: call.contract_address, entrypoint: call.entry_point, calldata: call.calldata ?? [] }),
    )
    return { transaction_hash: (await account.execute(calls, { tip: 0n })).transaction_hash }
  })
  await page.addInitScript(() => {
    const bridge = (globalThis as unknown as { __testWallet(call: unknown): Promise<unknown> }).__testWallet
    Object.assign(globalThis, {
      starknet_testwallet: {
        id: 'testwallet',
        name: 'Test Wallet',
        version: '1.0.0',
        icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
        on: () => undefined,
        off: () => undefined,
        request: async (call: unknown) => {
          const answer = await bridge(call)
          if (typeof answer === 'object' && answer !== null && '__error' in answer) {
            const { code, message } = answer.__error as { code: number; message: string }
            throw Object.assign(new Error(message), { code })
          }
          return answer
        },
      },
    })
  })
  return wallet
}
