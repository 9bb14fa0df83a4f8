import { errorWords } from '@medsync/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { onLiveEvent } from '../live/liveStore.ts'
import { GatewayError } from '../problem/GatewayError.ts'
import { problemOf } from '../problem/problemOf.ts'
import { useStore } from '../store/createStore.ts'
import { isWorthRetrying, uploadBundle } from './uploadBundle.ts'
import { putUpload, type UploadEntry, uploadStore } from './uploadStore.ts'

/** Files that go up at the same time; the gateway reads one after the other anyway. */
const AT_ONCE = 2
let running = 0

export type Uploads = {
  readonly entries: readonly UploadEntry[]
  readonly add: (files: readonly File[]) => void
  readonly retry: (id: string) => void
  /** The same person: stores the file as a new version of the record. */
  readonly confirm: (id: string) => void
  /** Another person: nothing is stored. */
  readonly decline: (id: string) => void
  readonly clear: () => void
}

/** Uploads files, a few at a time, and follows each: how much was sent, what the gateway has read, and how it ended. */
export function useUploads(): Uploads {
  const entries = useStore(uploadStore)
  const queries = useQueryClient()
  const pump = useCallback((): void => {
    while (running < AT_ONCE) {
      const next = uploadStore.get().find(({ state }) => state.step === 'waiting')
      if (next === undefined) return
      running++
      void runUpload(next).finally(() => {
        running--
        void queries.invalidateQueries({ queryKey: ['mine', 'hospital-records'] })
        pump()
      })
    }
  }, [queries])
  const add = useCallback(
    (files: readonly File[]): void => {
      const added = files.map((file): UploadEntry => ({ id: crypto.randomUUID(), file, state: { step: 'waiting' } }))
      uploadStore.set([...uploadStore.get(), ...added])
      pump()
    },
    [pump],
  )
  const retry = useCallback(
    (id: string): void => {
      putUpload(id, { step: 'waiting' })
      pump()
    },
    [pump],
  )
  const confirm = useCallback(
    (id: string): void => {
      const state = uploadStore.get().find((entry) => entry.id === id)?.state
      if (state?.step !== 'differs') return
      putUpload(id, { step: 'waiting', confirmation: state.identity.confirmation })
      pump()
    },
    [pump],
  )
  const decline = useCallback((id: string): void => {
    const { what } = errorWords['record/identity-differs']
    const hint = 'Correct the identifier in the source system, then upload the patient again. Nothing was stored.'
    putUpload(id, { step: 'refused', problem: { code: 'record/identity-differs', what, hint }, canRetry: false })
  }, [])
  const clear = useCallback(
    () => uploadStore.set(uploadStore.get().filter(({ state }) => state.step !== 'kept' && state.step !== 'refused')),
    [],
  )
  useEffect(
    () =>
      onLiveEvent((event) => {
        if (event.type !== 'upload.progress') return
        const entry = uploadStore.get().find(({ id }) => id === event.upload)
        if (entry?.state.step === 'sending' || entry?.state.step === 'reading')
          putUpload(event.upload, { step: 'reading', resources: event.resources })
      }),
    [],
  )
  return { entries, add, retry, confirm, decline, clear }
}

async function runUpload({ id, file, state }: UploadEntry): Promise<void> {
  const confirmation = state.step === 'waiting' ? state.confirmation : undefined
  putUpload(id, { step: 'sending', sentBytes: 0 })
  const onSent = (sentBytes: number): void => {
    if (uploadStore.get().find((entry) => entry.id === id)?.state.step === 'sending') putUpload(id, { step: 'sending', sentBytes })
  }
  try {
    const upload = await uploadBundle({ file, id, confirmation, onSent, signal: new AbortController().signal })
    putUpload(id, { step: 'kept', upload })
  } catch (error) {
    const identity = error instanceof GatewayError ? error.identity : undefined
    putUpload(
      id,
      identity === undefined
        ? { step: 'refused', problem: problemOf(error), canRetry: isWorthRetrying(error) }
        : { step: 'differs', identity },
    )
  }
}
