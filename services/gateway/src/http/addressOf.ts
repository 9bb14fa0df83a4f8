import { isIP } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'

/**
 * What a client's tries are counted by: its IPv4 address, or the /64 of its IPv6 address, since a client can take any address within it.
 * What a proxy sends that is no address counts as one client.
 */
export function addressOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return isIP(ip) === 0 ? 'unknown' : normalizeIP(ip)
}
