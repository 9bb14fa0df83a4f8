import type { IdentityDifference, Upload } from '@medsync/protocol'
import type { Problem } from '../../ui/ProblemNotice.tsx'
import { createStore } from '../store/createStore.ts'

/** Where one file stands. `reading`: the gateway has it and looks through it. */
export type UploadStep =
  | { readonly step: 'waiting'; readonly confirmation?: string }
  | { readonly step: 'sending'; readonly sentBytes: number }
  | { readonly step: 'reading'; readonly resources: number }
  | { readonly step: 'kept'; readonly upload: Upload }
  /** The record that its identifiers lead to is of a patient whose details differ; staff say whether it is the same person. */
  | { readonly step: 'differs'; readonly identity: IdentityDifference }
  | { readonly step: 'refused'; readonly problem: Problem; readonly canRetry: boolean }

export type UploadEntry = { readonly id: string; readonly file: File; readonly state: UploadStep }

/** The files of this visit, in the order they were given. Outlives the page, so that leaving it does not stop an upload. */
export const uploadStore = createStore<readonly UploadEntry[]>([])

/** Puts one file's state. */
export function putUpload(id: string, state: UploadStep): void {
  uploadStore.set(uploadStore.get().map((entry) => (entry.id === id ? { ...entry, state } : entry)))
}
