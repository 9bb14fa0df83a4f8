import type { RequestView } from '@medsync/protocol'
import type { JSX } from 'react'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'

const pills: Record<RequestView['progress'], readonly [StatusTone, string]> = {
  filed: ['rest', 'Not on the chain'],
  open: ['waiting', 'Waiting for the hospital'],
  settling: ['waiting', 'Permitted, being settled'],
  refusing: ['waiting', 'Being refused'],
  settled: ['good', 'Released and paid'],
  refused: ['bad', 'Refused'],
  expired: ['rest', 'Expired, price returned'],
}

/** How far a request has come. */
export function ProgressPill({ progress }: { readonly progress: RequestView['progress'] }): JSX.Element {
  const [tone, words] = pills[progress]
  return <StatusPill tone={tone}>{words}</StatusPill>
}
