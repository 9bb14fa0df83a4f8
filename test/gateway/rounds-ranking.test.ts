import { coinOrder, commitToNonce, jointCoin } from '@medsync/protocol/sharing'
import { afterEach, describe, expect, test } from 'vitest'
import { BY, casesOf, HOSPITALS, type RoundsGateway, type RoundsStage, raiseRounds } from './rounds-stage.ts'

let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

describe('a ranking', () => {
  test.each([3, 5])('of %i hospitals gives each the ranks of its own cases, as a sort of all in clear', async (size) => {
    const slugs = HOSPITALS.slice(0, size)
    stage = await raiseRounds(slugs)
    for (const [at, slug] of slugs.entries()) stage.cases.set(slug, casesOf(slug, [90, 20, 20, 55 + at, 100].slice(0, 5 - (at % 3))))
    const gateway = await stage.gateway(slugs)
    const id = await gateway.rounds.openRanking(gateway.seat('lakeside'), BY, 50)
    for (const slug of slugs) expect(await gateway.ended(slug, id)).toMatchObject({ state: 'closed', isConfirmed: true, reason: null })
    const expected = await sortedInClear(gateway, id, slugs)
    for (const slug of slugs) expect(Object.fromEntries(stage.ranks.get(slug)?.ranks ?? [])).toEqual(expected.get(slug))
  })

  test('of hospitals without cases ends with nobody ranked', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    const gateway = await stage.gateway(slugs)
    const id = await gateway.rounds.openRanking(gateway.seat('mercy'), BY, 50)
    expect((await gateway.ended('stclare', id)).result).toMatchObject({ kind: 'ranking', total: 0 })
    expect(stage.ranks.get('stclare')?.ranks.size).toBe(0)
  })
})

/** What everybody would get who sees all scores: higher ones first, equal ones in the order that the published nonces give. */
async function sortedInClear(gateway: RoundsGateway, id: string, slugs: readonly string[]): Promise<Map<string, Record<string, number>>> {
  const { result } = JSON.parse((await gateway.circle.ask('round', { id })).result ?? '')
  const hospitals: string[] = result.nonces.map(({ hospital }: { hospital: string }) => hospital)
  const reveals = result.nonces.map(({ hospital, nonce }: { hospital: string; nonce: string }) => {
    const bytes = new Uint8Array(Buffer.from(nonce, 'hex'))
    return { hospital, nonce: bytes, commitment: commitToNonce({ round: id, hospital }, bytes) }
  })
  const placeOf = new Map(coinOrder(jointCoin(id, reveals), 50 * hospitals.length).map((slot, place) => [slot, place]))
  const owners = new Map(
    await Promise.all(slugs.map(async (slug) => [slug, hospitals.indexOf(await gateway.circle.executorOf(gateway.seat(slug)))] as const)),
  )
  const cases = slugs.flatMap((slug) =>
    (stage.cases.get(slug) ?? []).map((each, slot) => ({ slug, ...each, place: placeOf.get(owners.get(slug)! * 50 + slot)! })),
  )
  cases.sort((one, other) => other.score - one.score || one.place - other.place)
  const ranks = new Map(slugs.map((slug): [string, Record<string, number>] => [slug, {}]))
  for (const [at, { slug, caseId }] of cases.entries()) ranks.get(slug)![caseId] = at + 1
  return ranks
}
