import { measureGas } from '../../test/chain/gas/gasScenes.ts'
import { raise } from '../../test/chain/stage.ts'
import { printTable } from './table.ts'

/** What each call costs, as contracts/gas.json keeps it, measured anew on a node of its own: a gateway would answer first. */
export async function benchGas(): Promise<void> {
  const stage = await raise()
  try {
    const rows = await measureGas(stage)
    console.log('\nL2 gas of each call, over an empty view call of the same account')
    printTable(
      ['call', 'l2_gas'],
      rows.map(({ call, l2Gas }) => [call, l2Gas]),
    )
  } finally {
    await stage.devnet.stop()
  }
}
