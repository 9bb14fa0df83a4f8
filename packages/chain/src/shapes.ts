import { account, felt } from '@medsync/protocol'
import * as z from 'zod'

/** What starknet.js decodes numbers, felts and addresses to, before they are checked. */
const number = z.union([z.bigint(), z.number().int(), z.string()]).transform((value) => BigInt(value))

/** A felt, whatever it means. */
export const feltShape = number.transform((value) => felt(value))
/** An address or id that may be zero. */
export const addressShape = feltShape
/** An address, id or commitment that is never zero. */
export const accountShape = number.transform((value) => account(value))
/** Small whole numbers: counts, times in seconds, kinds, basis points. */
export const countShape = number.pipe(z.bigint().min(0n).max(BigInt(Number.MAX_SAFE_INTEGER))).transform(Number)
/** Money, smallest unit. */
export const amountShape = number.pipe(
  z
    .bigint()
    .min(0n)
    .max(2n ** 128n - 1n),
)
/** 256 bits, e.g. a public key. */
export const u256Shape = number.pipe(
  z
    .bigint()
    .min(0n)
    .max(2n ** 256n - 1n),
)
