import type { JSX } from 'react'
import { Notice } from '../../ui/Notice.tsx'

/** What a patient should know before notes and documents are part of a consent. */
export function FreeTextNotice(): JSX.Element {
  return (
    <Notice kind="warning" title="Notes can mention anything">
      A note can tell about any part of your life. Your hospital searches it for your name, your address and your numbers and takes out what
      it finds, but a search can miss something. Notes leave only when you also include everything sensitive that is in your record; a note
      whose words name another sensitive topic is held back.
    </Notice>
  )
}
