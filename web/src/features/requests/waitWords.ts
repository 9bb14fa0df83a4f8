import { decisionWords } from '../accesses/decisionWords.ts'

const words: Record<string, string> = {
  'Pool: cohort too small':
    'The study promised that no data leaves before enough different patients are asked. The hospital answers by itself once they are.',
  'Pool: paused': 'The reward pool is paused. The hospital answers by itself when it goes on.',
}

/** Why a request that nobody refused is still open. */
export function waitWords(reason: string): string {
  return words[reason] ?? decisionWords(reason)
}
