import { HARM, STUDY } from '../../test/model/rewardPool.ts'
import { type Difference, look, type Prediction } from './play.ts'
import type { Scene } from './scene.ts'
import type { Theatre } from './theatre.ts'

/** How many rows of the whole state are looked at again after each transaction. */
const OLD_ROWS = 14

/** All that the pool owes or keeps of a token, added up from its parts. */
export function partsOf({ pool }: Theatre, token: bigint): bigint {
  const owed = [...pool.owed.rows(), ...pool.owedToOrganisation.rows(), ...pool.owedToPool.rows()]
  const earned = owed.filter(({ key }) => key[0] === token).reduce((sum, { row }) => sum + row, 0n)
  const studies = pool.studies.rows().filter(({ row }) => row.terms.token === token)
  const kept = studies.reduce((sum, { key: [id = 0n], row }) => {
    const { terms, available, open_requests, settled, state } = row
    if (state === STUDY.open) {
      return sum + available + open_requests * terms.price + settled * ((terms.price * terms.pool_bps) / 10_000n) + terms.bond
    }
    const harmed = pool.requests.rows().filter(({ row: each }) => each.study === id && each.harm === HARM.upheld).length
    return sum + BigInt(harmed) * pool.compensations.get(id)
  }, 0n)
  return earned + kept
}

/** Whether the parts are the whole, in every token, and the whole is there. */
export function checkSums(theatre: Theatre): Pick<Difference, 'what' | 'expected' | 'actual'> | undefined {
  const { pool, tokenA, tokenB, odd } = theatre
  for (const token of [tokenA, tokenB, odd]) {
    const [parts, whole] = [partsOf(theatre, token.address), pool.liabilities.get(token.address)]
    if (parts !== whole) return { what: 'sum', expected: `${parts} owed and kept of ${token.address}`, actual: `liabilities ${whole}` }
    if (token !== odd && token.balances.get(pool.address) < whole) {
      return { what: 'sum', expected: `${whole} of ${token.address}`, actual: `${token.balances.get(pool.address)} held` }
    }
  }
  return undefined
}

/** Views at the end of every transaction: some old rows, all money, one log, and some decisions. */
export function closingLooks(scene: Scene): Prediction[] {
  const { theatre, random } = scene
  const from = scene.actor('stranger')
  const tokens = [theatre.tokenA, theatre.tokenB, theatre.odd].map(({ address }) => address)
  const decisions = random.some(scene.consents.slice(-40), 2).map(({ patient, opening }) => {
    const { grantee, purposes } = opening
    const purpose = random.chance(50) ? BigInt(purposes.toString(2).length - 1) : BigInt(random.between(0, 58))
    return scene.call(from, 'consentRegistry', 'decide', patient, opening, grantee, purpose)
  })
  // Rows that nothing has touched, as far as the model knows: the chain must not have touched them either.
  const rows = random.some(theatre.world.journal.tables, OLD_ROWS).flatMap((table) => random.some(table.views(), 1))
  return [
    ...rows.map((view) => ({ from, ...view })),
    ...tokens.map((token) => scene.call(from, 'rewardPool', 'liabilities', token)),
    ...tokens.map((token) => ({ from, to: token, fn: 'balance_of', args: [theatre.pool.address] })),
    scene.call(from, 'accessLog', 'log_of', scene.patient()),
    scene.call(from, 'accessLog', 'batches'),
    ...decisions,
  ].map((call) => look(theatre, call))
}
