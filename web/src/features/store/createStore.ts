import { useSyncExternalStore } from 'react'

/** A value outside React that components can watch. */
export type Store<T> = {
  get(): T
  set(next: T): void
  /** Calls `listen` after each change; the result ends it. */
  subscribe(listen: () => void): () => void
}

/** Makes a store. A value must be replaced, never changed in place. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (next) => {
      value = next
      for (const listen of [...listeners]) listen()
    },
    subscribe: (listen) => {
      listeners.add(listen)
      return () => listeners.delete(listen)
    },
  }
}

/** The store's value, kept current. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get)
}
