import { ADDRESS_END, account, felt, STARK_PRIME } from '@medsync/protocol'
import * as z from 'zod'

/** What starknet.js decodes numbers, felts and addresses to, or what JSON kept of them. */
const digits = z.string().regex(/^(0x[0-9a-f]{1,64}|\d{1,78})$/i)
const number = z.union([z.bigint(), z.number().int(), digits]).transform((value) => BigInt(value))
const within = (least: bigint, below: bigint) =>
  number.pipe(
    z
      .bigint()
      .min(least)
      .max(below - 1n),
  )

/** A felt, whatever it means. */
export const feltShape = within(0n, STARK_PRIME).transform((value) => felt(value))
/** An address or id that may be zero. */
export const addressShape = feltShape
/** A commitment or an organisation's id: any felt but zero. It is no address, and whoever calls a contract chooses it freely. */
export const idShape = within(1n, STARK_PRIME).transform((value) => felt(value))
/** An account or contract that can exist. */
export const accountShape = within(1n, ADDRESS_END).transform((value) => account(value))
/** Small whole numbers: counts, times in seconds, kinds, basis points. */
export const countShape = within(0n, BigInt(Number.MAX_SAFE_INTEGER) + 1n).transform(Number)
/** Money, smallest unit. */
export const amountShape = within(0n, 2n ** 128n)
/** 256 bits, e.g. a public key. */
export const u256Shape = within(0n, 2n ** 256n)
