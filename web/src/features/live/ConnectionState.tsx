import type { JSX } from 'react'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { useStore } from '../store/createStore.ts'
import { liveStore } from './liveStore.ts'

/** Whether the page hears of changes as they happen. */
export function ConnectionState(): JSX.Element | null {
  const { connection } = useStore(liveStore)
  if (connection === 'off') return null
  if (connection === 'live')
    return (
      <StatusPill tone="good" isCompact>
        Live
      </StatusPill>
    )
  return (
    <StatusPill tone="waiting" isCompact>
      {connection === 'connecting' ? 'Connecting' : 'Reconnecting'}
    </StatusPill>
  )
}
