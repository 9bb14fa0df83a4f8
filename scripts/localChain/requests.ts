import * as z from 'zod'
import { parseJson } from '../parseJson.ts'

/** A request as the node keeps it, to run it again. */
const requestSchema = z.looseObject({ method: z.string(), params: z.unknown() })
export type DumpedRequest = z.output<typeof requestSchema>

const MAKES_A_BLOCK = new Set([
  'starknet_addInvokeTransaction',
  'starknet_addDeclareTransaction',
  'starknet_addDeployAccountTransaction',
  'devnet_createBlock',
  'devnet_increaseTime',
  'devnet_mint',
])

/**
 * Reads the node's file of requests. The node adds to it in two writes; when it was killed between them the end is taken off, back to the
 * last whole request.
 * @returns undefined when not even a first request can be read.
 */
export function parseRequests(text: string): DumpedRequest[] | undefined {
  const whole = tryParse(text) ?? tryParse(`${text.replace(/[,\s]+$/, '')}]`)
  if (whole !== undefined) return whole
  for (let end = text.lastIndexOf('}, {'); end > 0; end = text.lastIndexOf('}, {', end - 1)) {
    const shorter = tryParse(`${text.slice(0, end)}}]`)
    if (shorter !== undefined) return shorter
  }
  return undefined
}

/** Whether the node answers this request with a new block. */
export function makesABlock({ method, params }: DumpedRequest): boolean {
  if (method === 'devnet_setTime') return !isSilent(params)
  return MAKES_A_BLOCK.has(method)
}

/**
 * Puts the time of each block before the request that made it: run again, the blocks get the times that they had, and with them everything
 * the contracts computed from time. (The node by itself would run them all at the time of loading.)
 * @param timesS - Time of block 1 and on, seconds.
 */
export function withTimes(requests: readonly DumpedRequest[], timesS: readonly number[]): DumpedRequest[] {
  let block = 0
  const timed: DumpedRequest[] = []
  for (const request of requests) {
    if (request.method === 'devnet_setTime' && isSilent(request.params)) continue
    if (makesABlock(request)) {
      const time = timesS[block++]
      if (time !== undefined) timed.push({ jsonrpc: '2.0', id: 0, method: 'devnet_setTime', params: { time, generate_block: false } })
    }
    timed.push(request)
  }
  return timed
}

function isSilent(params: unknown): boolean {
  return typeof params === 'object' && params !== null && 'generate_block' in params && params.generate_block === false
}

function tryParse(text: string): DumpedRequest[] | undefined {
  return z.array(requestSchema).safeParse(parseJson(text)).data
}
