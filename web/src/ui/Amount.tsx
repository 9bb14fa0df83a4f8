import type { JSX } from 'react'
import { formatAmount, type TokenUnit } from './format/formatAmount.ts'

/** Money in a token's own decimals, exact on hover. */
export function Amount({
  amount,
  unit,
  places,
}: {
  readonly amount: bigint
  readonly unit: TokenUnit
  readonly places?: number
}): JSX.Element {
  return (
    <span
      style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}
      title={formatAmount(amount, unit, { places: unit.decimals })}
    >
      {formatAmount(amount, unit, places === undefined ? {} : { places })}
    </span>
  )
}
