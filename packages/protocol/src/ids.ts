import * as z from 'zod'
import { MalformedIdError } from './errors.ts'

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** A number below the Stark prime, as `0x` and lower-case digits without leading zeros. */
export type Felt = Brand<`0x${string}`, 'Felt'>
/** A Starknet account or contract. */
export type AccountAddress = Felt
/** An organisation as the Participants contract names it: a short string as a felt. */
export type OrganisationId = Felt
/** What the chain keeps of a consent. */
export type Commitment = Felt
/** Number of a study in the reward pool, from 1. */
export type StudyId = Brand<number, 'StudyId'>
/** Number of a request in the reward pool, from 1. */
export type RequestId = Brand<number, 'RequestId'>
/** A patient's record at one hospital (UUID). */
export type RecordId = Brand<string, 'RecordId'>

/** The Stark prime: every felt is below it. */
export const STARK_PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n
/** Every address is below this (Starknet's `PATRICIA_KEY_UPPER_BOUND` less the 256 small addresses of the system). */
export const ADDRESS_END = 2n ** 251n - 256n

/** Zero: nobody, nothing, any. */
export const ZERO: Felt = '0x0' as Felt

const FELT = /^0x[0-9a-f]{1,64}$/i
const MAX_HEX = 66
/** Letters of a UUID. */
const UUID_LENGTH = 36

/**
 * Brings any way of writing a felt to the one that MedSync compares and stores.
 * @param value - Hex string with `0x`, bigint or whole number.
 * @throws {MalformedIdError} It is not a number from 0 to below the Stark prime.
 * @example
 * felt('0x00AB') // '0xab'
 */
export function felt(value: string | bigint | number): Felt {
  const number = toBigInt(value)
  if (number === undefined || number < 0n || number >= STARK_PRIME) throw new MalformedIdError('felt')
  return `0x${number.toString(16)}` as Felt
}

/**
 * As `felt`, for accounts and contracts: zero is nobody.
 * @throws {MalformedIdError} It is zero or no felt.
 */
export function account(value: string | bigint | number): AccountAddress {
  const address = felt(value)
  if (!isAddress(address)) throw new MalformedIdError('account address')
  return address
}

/** As `account`, for organisations. */
export const organisationId = (value: string | bigint | number): OrganisationId => {
  const id = felt(value)
  if (id === ZERO) throw new MalformedIdError('organisation id')
  return id
}

/**
 * The felt of a short name; at most 31 ASCII characters fit.
 * @throws {MalformedIdError} It is empty, longer, or not printable ASCII.
 * @example
 * slugToOrganisationId('mercy') // '0x6d65726379'
 */
export function slugToOrganisationId(slug: string): OrganisationId {
  if (!/^[\x20-\x7e]{1,31}$/.test(slug)) throw new MalformedIdError('short name')
  return felt(`0x${[...slug].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`)
}

/** The short name in a felt; what is no printable name comes back as its hex. */
export function organisationSlug(id: Felt): string {
  const digits = id.slice(2)
  const bytes = (digits.length % 2 ? `0${digits}` : digits).match(/../g) ?? []
  const text = bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join('')
  return /^[\x20-\x7e]+$/.test(text) ? text : id
}

/** Parses any felt at an edge. */
export const feltSchema = hexSchema<Felt>(isFelt)
/** Parses an account address at an edge. */
export const accountSchema = hexSchema<AccountAddress>(isAddress)
/** Parses an organisation id at an edge. */
export const organisationIdSchema = hexSchema<OrganisationId>(isNonZeroFelt)
/** Parses a commitment at an edge. */
export const commitmentSchema = hexSchema<Commitment>(isNonZeroFelt)
export const studyIdSchema: z.ZodType<StudyId, number> = z.number().int().positive() as unknown as z.ZodType<StudyId, number>
export const requestIdSchema: z.ZodType<RequestId, number> = z.number().int().positive() as unknown as z.ZodType<RequestId, number>
const uuid = z.uuid().max(UUID_LENGTH).toLowerCase()
export const recordIdSchema: z.ZodType<RecordId, string> = uuid as unknown as z.ZodType<RecordId, string>

/** The brand is the schema's own promise, so the cast stands here and nowhere else. */
function hexSchema<T extends Felt>(accepts: (value: string) => boolean): z.ZodType<T, string> {
  const schema = z
    .string()
    .max(MAX_HEX, { error: 'expected a 0x-prefixed felt', abort: true })
    .regex(FELT, { error: 'expected a 0x-prefixed felt', abort: true })
    .refine(accepts, { error: 'expected a felt in range', abort: true })
    .overwrite(felt)
  return schema as unknown as z.ZodType<T, string>
}

function isFelt(value: string): boolean {
  return BigInt(value) < STARK_PRIME
}

function isNonZeroFelt(value: string): boolean {
  return isFelt(value) && BigInt(value) !== 0n
}

function isAddress(value: string): boolean {
  return BigInt(value) !== 0n && BigInt(value) < ADDRESS_END
}

function toBigInt(value: string | bigint | number): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  return FELT.test(value) ? BigInt(value) : undefined
}
