import type { JSX } from 'react'
import { newConsentDraft } from '../../features/consents/consentDraft.ts'
import { ConsentSteps } from './ConsentSteps.tsx'

/** Give a consent: choose, read once more, sign. */
export function NewConsentPage(): JSX.Element {
  return (
    <ConsentSteps
      start={() => newConsentDraft(Math.floor(Date.now() / 1000))}
      title="Give a consent"
      lead="We chose what most health research needs. Take away what you do not want to share; nothing is signed before you have read it once more."
      reviewTitle="Review your consent"
    />
  )
}
