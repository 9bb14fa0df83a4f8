import type { JSX } from 'react'
import { Notice } from '../../ui/Notice.tsx'
import { useStore } from '../store/createStore.ts'
import { liveStore } from './liveStore.ts'

/** Says on every page when chain or private context cannot be reached: nothing can be decided, paid or released until they are back. */
export function ReachBanner(): JSX.Element | null {
  const { isChainUp, isContextUp } = useStore(liveStore)
  if (isChainUp === false) {
    return (
      <Notice kind="problem" title="The chain cannot be reached right now">
        Nothing can be granted, released or paid until it is back, and what you see may be old. It recovers by itself; there is nothing you
        need to do.
      </Notice>
    )
  }
  if (isContextUp !== false) return null
  return (
    <Notice kind="problem" title="The hospitals’ private context cannot be reached right now">
      No consent can be given and no data released until it is back; ending a consent works as always. It recovers by itself.
    </Notice>
  )
}
