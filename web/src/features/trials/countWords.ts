import { errorWords, isErrorCode, type Trial } from '@medsync/protocol'
import type { StatusTone } from '../../ui/StatusPill.tsx'

/** How many people of all hospitals meet a study's criteria, in words. */
export function countWords(count: Trial['count']): { readonly words: string; readonly tone: StatusTone; readonly hint: string } {
  if (count === null) return { words: 'Not counted yet', tone: 'rest', hint: '' }
  switch (count.state) {
    case 'counting':
      return { words: 'Hospitals are counting', tone: 'waiting', hint: 'It takes some seconds. No hospital shows its own number.' }
    case 'counted':
      return {
        words: `${new Intl.NumberFormat('en').format(count.people ?? 0)} people meet them`,
        tone: 'good',
        hint: 'In all hospitals together.',
      }
    case 'withheld':
      return {
        words: 'Withheld',
        tone: 'rest',
        hint: 'Fewer than 20 people meet them, or the answer, with earlier ones, would tell of fewer. Ask for more people.',
      }
    case 'given-up': {
      const words = count.reason !== null && isErrorCode(count.reason) ? errorWords[count.reason] : undefined
      return { words: 'Given up', tone: 'bad', hint: words === undefined ? 'Count again.' : `${words.what} ${words.hint}` }
    }
  }
}
