import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** What is used of `jiff-mpc`: a share of a number below a small prime. */
type JiffShare = {
  gt(other: JiffShare): JiffShare
  gteq(other: JiffShare): JiffShare
  sadd(other: JiffShare): JiffShare
  cadd(constant: number): JiffShare
}
type JiffClient = {
  share_array(values: readonly number[], length: number): Promise<Record<number, JiffShare[]>>
  open(share: JiffShare, parties: readonly number[]): Promise<number> | null
  disconnect(safe: boolean, free: boolean): void
}
type Jiff = {
  JIFFServer: new (server: unknown, options: object) => unknown
  JIFFClient: new (address: string, computation: string, options: object) => JiffClient
}

const PARTIES = 3
/** The smallest prime above twice the scale and the cases. */
const PRIME = 257

/**
 * Ranks cases by pairwise comparisons with `jiff-mpc`: three clients and their server in this process, on loopback.
 * @param folder - Where `jiff-mpc` is installed.
 * @param scores - Each party's; as many for all.
 * @returns The ranks as each party opened them, and what it took from the first share to the last rank.
 */
export async function rankByJiff(folder: string, scores: readonly (readonly number[])[]): Promise<{ ranks: number[][]; ms: number }> {
  const { JIFFServer, JIFFClient } = createRequire(join(folder, 'package.json'))('jiff-mpc') as Jiff
  const server = createServer()
  new JIFFServer(server, { logs: false, crypto_provider: true })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const options = { party_count: PARTIES, crypto_provider: true, Zp: PRIME }
  const clients = await Promise.all(
    scores.map(() => new Promise<JiffClient>((connected) => new JIFFClient(address, 'ranking', { ...options, onConnect: connected }))),
  )
  const startedMs = performance.now()
  const ranks = await Promise.all(clients.map((client, party) => ranksOf(client, scores[party]!)))
  const ms = performance.now() - startedMs
  for (const client of clients) client.disconnect(false, true)
  server.closeAllConnections()
  server.close()
  return { ranks, ms }
}

async function ranksOf(client: JiffClient, own: readonly number[]): Promise<number[]> {
  const shares = await client.share_array(own, own.length)
  const all = Array.from({ length: PARTIES }, (_, party) => shares[party + 1]!.map((share) => ({ party: party + 1, share }))).flat()
  const opened = all.map(({ party, share }, index) => {
    const ahead = all.flatMap((other, at) => (at === index ? [] : [at < index ? other.share.gteq(share) : other.share.gt(share)]))
    return client.open(ahead.reduce((sum, isAhead) => sum.sadd(isAhead)).cadd(1), [party])
  })
  const ranks = await Promise.all(opened)
  return ranks.filter((rank) => typeof rank === 'number')
}
