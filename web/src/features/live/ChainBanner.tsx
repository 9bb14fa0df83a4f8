import type { JSX } from 'react'
import { Notice } from '../../ui/Notice.tsx'
import { useStore } from '../store/createStore.ts'
import { liveStore } from './liveStore.ts'

/** Says on every page when the chain cannot be reached: nothing can be decided, paid or released until it is back. */
export function ChainBanner(): JSX.Element | null {
  const { isChainUp } = useStore(liveStore)
  if (isChainUp !== false) return null
  return (
    <Notice kind="problem" title="The chain cannot be reached right now">
      Nothing can be granted, released or paid until it is back, and what you see may be old. It recovers by itself; there is nothing you
      need to do.
    </Notice>
  )
}
