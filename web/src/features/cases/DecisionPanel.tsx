import { Button, Modal, NumberInput, Stack, Text, Textarea } from '@mantine/core'
import type { CaseDetail } from '@medsync/protocol'
import { type FormEvent, type JSX, useState } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import styles from './DecisionPanel.module.css'
import { useCaseDeed } from './useCases.ts'

/** As the gateway has it. */
const MIN_REASON_LETTERS = 10

/** A clinician's word on the computed score: it is right, or it shall be another one and why; and the way back. */
export function DecisionPanel({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const [isOverriding, setIsOverriding] = useState(false)
  const confirm = useCaseDeed(detail.case, 'confirmation')
  const override = useCaseDeed(detail.case, 'override')
  const { decided, hasLapsed, computed, revision } = detail
  const isOpen = detail.status !== 'done'
  const error = confirm.error ?? override.error
  return (
    <div className={styles.stack}>
      {hasLapsed && (
        <Notice kind="warning" title="More has become known since a clinician decided">
          That decision no longer counts; the computed score does. Please decide again.
        </Notice>
      )}
      {decided !== null && <Decided decided={decided} />}
      {isOpen && (
        <div className={styles.buttons}>
          {decided === null || decided.kind !== 'confirmed' ? (
            <Button
              variant={decided === null ? 'filled' : 'default'}
              loading={confirm.isPending}
              onClick={() => confirm.mutate({ revision })}
            >
              {decided === null ? `Confirm ${computed}` : `Undo: back to ${computed}`}
            </Button>
          ) : null}
          <Button variant="default" onClick={() => setIsOverriding(true)}>
            {decided === null || decided.kind === 'confirmed' ? 'Set another score' : 'Change the decision'}
          </Button>
        </div>
      )}
      {error !== null && <ProblemNotice problem={problemOf(error)} />}
      {isOverriding && (
        <OverrideDialog
          detail={detail}
          onClose={() => setIsOverriding(false)}
          onOverride={(score, reason) => {
            setIsOverriding(false)
            confirm.reset()
            override.mutate({ revision, score, reason })
          }}
        />
      )}
    </div>
  )
}

function Decided({
  decided: { kind, score, reason, atS, sawScore },
}: {
  readonly decided: NonNullable<CaseDetail['decided']>
}): JSX.Element {
  const what = kind === 'confirmed' ? `A clinician confirmed ${score}` : `A clinician ${kind} it from ${sawScore} to ${score}`
  return (
    <p className={styles.decided} data-decision={kind}>
      {what}, <Moment timeS={atS} as="distance" />
      {reason === '' ? '.' : <>: “{reason}”</>}
    </p>
  )
}

function OverrideDialog({
  detail,
  onClose,
  onOverride,
}: {
  readonly detail: CaseDetail
  readonly onClose: () => void
  readonly onOverride: (score: number, reason: string) => void
}): JSX.Element {
  const [score, setScore] = useState<number | string>(detail.score)
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const isScore = typeof score === 'number' && Number.isInteger(score) && score >= 0 && score <= 100
  const isLower = isScore && score < detail.urgency.floor
  const isReasoned = reason.trim().length >= MIN_REASON_LETTERS
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (isScore && isReasoned) onOverride(score, reason.trim())
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>Set another score</Text>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form noValidate onSubmit={submit}>
        <Stack>
          <NumberInput
            label="Score"
            description={`0 to 100, the higher the more urgent. Computed: ${detail.computed}.`}
            min={0}
            max={100}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            value={score}
            error={isTried && !isScore ? 'Give a whole number from 0 to 100.' : undefined}
            onChange={setScore}
            data-autofocus
          />
          {isLower && (
            <Notice kind="warning">
              That is below what the vital signs alone give ({detail.urgency.floor}). It stands until something worse becomes known.
            </Notice>
          )}
          <Textarea
            label="Why?"
            description="Kept with the score, for whoever asks. At least ten letters."
            autosize
            minRows={3}
            maxLength={500}
            value={reason}
            error={isTried && !isReasoned ? 'Say why, in ten letters at least.' : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className={styles.end}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Set the score</Button>
          </div>
        </Stack>
      </form>
    </Modal>
  )
}
