/** As much of a wallet's window object as finding it needs; the rest is `StarknetInjectedWallet`'s business. */
export type InjectedWallet = {
  readonly id: string
  readonly name: string
  readonly icon: unknown
  readonly version: string
  request(call: unknown): Promise<unknown>
  on(event: string, listen: (...args: unknown[]) => void): void
  off(event: string, listen: (...args: unknown[]) => void): void
}

/**
 * The wallets that extensions put into a window, by the convention of get-starknet: keys that start with `starknet`. Found by ourselves,
 * because the library's own discovery also loads code from another host.
 */
export function findWallets(scope: Record<string, unknown>): InjectedWallet[] {
  const found = Object.getOwnPropertyNames(scope)
    .filter((key) => key.startsWith('starknet'))
    .map((key) => scope[key])
    .filter(isInjectedWallet)
  return [...new Map(found.map((wallet) => [wallet.id, wallet])).values()]
}

function isInjectedWallet(value: unknown): value is InjectedWallet {
  if (typeof value !== 'object' || value === null) return false
  const wallet = value as Record<string, unknown>
  const hasTexts = ['id', 'name', 'version'].every((field) => typeof wallet[field] === 'string')
  return hasTexts && 'icon' in wallet && ['request', 'on', 'off'].every((field) => typeof wallet[field] === 'function')
}
