import type { JSX } from 'react'
import { dateMs, formatDay, formatDistance, formatMoment } from './format/formatTime.ts'
import { useNowS } from './useNowS.ts'

export type MomentProps = {
  /** Seconds since 1970. */
  readonly timeS: number
  /** `day`: the date alone; `moment`: date and time; `distance`: how long ago, with the date and time on hover. */
  readonly as?: 'day' | 'moment' | 'distance'
}

/** A time in the reader's own locale and zone, exact for machines. */
export function Moment({ timeS, as = 'moment' }: MomentProps): JSX.Element {
  const nowS = useNowS()
  const exact = formatMoment(timeS)
  const shown = as === 'day' ? formatDay(timeS) : as === 'distance' ? formatDistance(timeS, nowS) : exact
  return (
    <time dateTime={new Date(dateMs(timeS)).toISOString()} title={exact}>
      {shown}
    </time>
  )
}
