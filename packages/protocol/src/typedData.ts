/** A value in a message: text, or lists and structures of it. */
export type TypedValue = string | readonly TypedValue[] | { readonly [field: string]: TypedValue }

/** A SNIP-12 revision 1 message, as starknet.js and wallets take it. */
export type TypedData = {
  types: Record<string, { name: string; type: string }[]>
  primaryType: string
  domain: { name: string; version: string; chainId: string; revision: '1' }
  message: Record<string, TypedValue>
}
