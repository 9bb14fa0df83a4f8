import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { followEvents } from './followEvents.ts'
import { liveStore, tellLiveEvent } from './liveStore.ts'
import { queriesOfEvent } from './queriesOfEvent.ts'

/** Keeps what the signed-in account sees current: follows the live events and loads again what each one touches. Shows nothing itself. */
export function LiveEvents(): null {
  const queries = useQueryClient()
  useEffect(() => {
    const controller = new AbortController()
    const reload = (subject: string): void => void queries.invalidateQueries({ queryKey: ['mine', subject] })
    void followEvents(
      controller.signal,
      (event) => {
        if (event.type === 'chain.down' || event.type === 'chain.up')
          liveStore.set({ ...liveStore.get(), isChainUp: event.type === 'chain.up' })
        if (event.type === 'context.down' || event.type === 'context.up')
          liveStore.set({ ...liveStore.get(), isContextUp: event.type === 'context.up' })
        tellLiveEvent(event)
        queriesOfEvent(event).forEach(reload)
      },
      () => void queries.invalidateQueries({ queryKey: ['mine'] }),
    )
    return () => controller.abort()
  }, [queries])
  return null
}
