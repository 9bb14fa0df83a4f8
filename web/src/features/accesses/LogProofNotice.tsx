import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { Notice } from '../../ui/Notice.tsx'
import type { LogProof } from './checkAccesses.ts'

/** What the browser computed: that this list is all there is, or that something is missing. */
export function LogProofNotice({ proof }: { readonly proof: LogProof }): JSX.Element {
  if (proof.state === 'whole') {
    return (
      <Notice kind="good" title={`Complete: ${countOf(proof.count, 'entry matches', 'entries match')} the chain`}>
        Your browser computed the fingerprint of this whole list and compared it with the one on the chain. Nothing is missing or changed.
        {proof.batchCount > 0 && (
          <>
            {' '}
            Hospitals have also written {countOf(proof.batchCount, 'batch', 'batches')} of entries about many patients at once. They are not
            in this list: each hospital can prove to you what its batches say of you, or that they say nothing.
          </>
        )}
      </Notice>
    )
  }
  return (
    <Notice kind="problem" title="This list does not match the chain">
      The chain counts {countOf(proof.chainCount, 'entry', 'entries')}, this list has {proof.count}. Reload the page; if it stays, an entry
      is being kept from you or was changed: keep this page and tell an auditor.
    </Notice>
  )
}
