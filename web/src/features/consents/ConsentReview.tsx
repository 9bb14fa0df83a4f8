import { Button, Group, List } from '@mantine/core'
import type { ConsentTerms } from '@medsync/protocol'
import { type JSX, useEffect, useRef } from 'react'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import type { TransactionState } from '../transactions/transactionState.ts'
import { ConsentFacts } from './ConsentFacts.tsx'
import styles from './ConsentReview.module.css'
import { termsInWords } from './termsInWords.ts'

export type ConsentReviewProps = {
  readonly terms: ConsentTerms
  readonly isChange: boolean
  readonly state: TransactionState
  readonly onSign: () => void
  readonly onBack: () => void
}

/** What is about to be signed, said in plain words, with what follows from it. */
export function ConsentReview({ terms, isChange, state, onSign, onBack }: ConsentReviewProps): JSX.Element {
  const words = termsInWords(terms, useOrganisationName())
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    window.scrollTo({ top: 0 })
    top.current?.focus({ preventScroll: true })
  }, [])
  const isPending = state.step !== 'idle' && state.step !== 'failed'
  return (
    <div ref={top} tabIndex={-1} className={styles.review}>
      <Panel title="Read it once more">
        <p className={styles.sentence}>
          <mark>{words.who}</mark> may use my <mark>{words.sentence.data}</mark> for <mark>{words.sentence.whatFor}</mark>
          {terms.sensitivities.length > 0 && (
            <>
              , sensitive entries on <mark>{words.sentence.sensitive}</mark> included
            </>
          )}
          , until the end of <mark>{words.until}</mark>.
        </p>
        <ConsentFacts terms={terms} hasGrantee={false} />
      </Panel>
      <Panel title="What happens when you sign" order={3}>
        <List spacing="xs">
          <List.Item>A sealed fingerprint of this goes on the public chain. It does not say to whom, what for, or which data.</List.Item>
          <List.Item>
            {words.who} is told, and can ask hospitals for this data. Each access is written to your list, and pays you.
          </List.Item>
          {isChange && <List.Item>Your earlier consent ends in the same step. What was released under it stays where it went.</List.Item>}
          <List.Item>You can end it at any time. What was released before that cannot be called back.</List.Item>
        </List>
        {terms.sensitivities.length > 0 && (
          <div className={styles.warning}>
            <Notice kind="warning" title="This includes sensitive data">
              You chose to include: {words.sensitive}.
            </Notice>
          </div>
        )}
      </Panel>
      <Group>
        <TransactionButton size="md" state={state} pending={isChange ? 'Changing…' : 'Granting…'} onClick={onSign}>
          {isChange ? 'Sign and change' : 'Sign and grant'}
        </TransactionButton>
        <Button variant="default" size="md" disabled={isPending} onClick={onBack}>
          Back to the choices
        </Button>
      </Group>
      <TransactionStatus state={state} />
    </div>
  )
}
