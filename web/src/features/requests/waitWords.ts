import { decisionWords } from '../accesses/decisionWords.ts'

const words: Record<string, string> = {
  'Pool: cohort too small':
    'The study promised that no data leaves before enough different patients are asked. The hospital answers by itself once they are.',
  'context/unreachable': 'The hospitals’ private context cannot be reached. The hospital answers by itself when it is back.',
  'request/awaits-terms':
    'The consent is granted, and its terms have not reached the hospital yet. It answers by itself when they have, or refuses shortly before the request runs out.',
  'chain/unknown-event':
    'The chain told something about this study that the hospital’s gateway does not know. It answers by itself once the gateway is updated.',
  'request/parked':
    'The hospital’s gateway tried three times and could not answer. Its staff look at it; if they do not answer in time, the request expires and the price goes back.',
  'Pool: paused': 'The reward pool is paused. The hospital answers by itself when it goes on.',
}

/** Why a request that nobody refused is still open. */
export function waitWords(reason: string): string {
  return words[reason] ?? decisionWords(reason)
}
