import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { ConsentTerms } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { sToDay } from '../../ui/format/formatTime.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { organisationsQuery } from '../network/useNetwork.ts'
import { useRecordCounts } from '../records/useRecords.ts'
import { CategoryPicker } from './CategoryPicker.tsx'
import styles from './ConsentForm.module.css'
import { type ConsentDraft, DURATIONS, dayAfterMonths, problemsOfDraft, termsOfDraft } from './consentDraft.ts'
import { FreeTextNotice } from './FreeTextNotice.tsx'
import { GranteePicker } from './GranteePicker.tsx'
import { PurposePicker } from './PurposePicker.tsx'
import { SensitivityPicker } from './SensitivityPicker.tsx'

export type ConsentFormProps = {
  readonly draft: ConsentDraft
  readonly onChange: (draft: ConsentDraft) => void
  /** Called with terms that can come true. */
  readonly onReview: (terms: ConsentTerms) => void
}

/** The whole decision on one page, part by part: who, what for, which data, until when. Nothing is signed here. */
export function ConsentForm({ draft, onChange, onReview }: ConsentFormProps): JSX.Element {
  const nowS = useNowS()
  const counts = useRecordCounts()
  const [isTried, setIsTried] = useState(false)
  const problems = problemsOfDraft(draft, nowS)
  const shown = isTried ? problems : {}
  const put = (change: Partial<ConsentDraft>): void => onChange({ ...draft, ...change })
  const review = (): void => {
    setIsTried(true)
    if (Object.keys(problems).length === 0) onReview(termsOfDraft(draft, nowS))
    else
      queueMicrotask(() =>
        document
          .querySelector<HTMLElement>('[data-consent-form] [role="alert"], [data-consent-form] [aria-invalid]')
          ?.scrollIntoView({ block: 'center' }),
      )
  }
  return (
    <form
      className={styles.form}
      data-consent-form=""
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        review()
      }}
    >
      <Panel
        title="Who may use your data?"
        note="Organisations that governance has admitted. Only the one you choose may use this consent."
      >
        <GranteePicker value={draft.grantee} error={undefined} onChange={(grantee) => put({ grantee })} />
        {shown.grantee !== undefined && (
          <p className={styles.error} role="alert">
            {shown.grantee}
          </p>
        )}
      </Panel>
      <Panel title="What for?" note="Choosing a purpose includes the narrower ones below it.">
        <PurposePicker value={draft.purposes} error={shown.purposes} onChange={(purposes) => put({ purposes })} />
      </Panel>
      <Panel
        title="Which data?"
        note="Only what you tick may leave the hospital. Your name and address are not part of it unless you tick “Who you are”."
      >
        <CategoryPicker value={draft.categories} error={shown.categories} counts={counts} onChange={(categories) => put({ categories })} />
        {draft.categories.includes('documents') && (
          <div className={styles.notice}>
            <FreeTextNotice />
          </div>
        )}
      </Panel>
      <Panel
        title="Sensitive data"
        note="Some things are held back even inside the kinds you ticked, unless you include them here by name. Most research does not need them. What your hospital marked as very restricted never leaves."
      >
        <SensitivityPicker value={draft.sensitivities} onChange={(sensitivities) => put({ sensitivities })} />
      </Panel>
      <Panel
        title="From which time, and held by whom?"
        note="Leave the dates empty for all of it. Data without a date stays back when you set one."
      >
        <div className={styles.dates}>
          <TextInput
            type="date"
            label="Data from"
            value={draft.dataFrom}
            error={shown.dataFrom}
            max={sToDay(nowS)}
            onChange={(event) => put({ dataFrom: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="Data up to"
            value={draft.dataTo}
            error={shown.dataTo}
            onChange={(event) => put({ dataTo: event.currentTarget.value })}
          />
          <CustodianSelect value={draft.custodian} onChange={(custodian) => put({ custodian })} />
        </div>
      </Panel>
      <Panel title="Until when?" note="The consent ends by itself after that day. You can end it earlier at any time.">
        <div className={styles.row}>
          {DURATIONS.map(({ label, months }) => {
            const day = dayAfterMonths(nowS, months)
            return (
              <Button
                key={months}
                size="compact-md"
                variant={draft.until === day ? 'filled' : 'default'}
                aria-pressed={draft.until === day}
                onClick={() => put({ until: day })}
              >
                {label}
              </Button>
            )
          })}
        </div>
        <TextInput
          type="date"
          label="Last day"
          maw="16rem"
          value={draft.until}
          min={sToDay(nowS)}
          error={shown.until}
          onChange={(event) => put({ until: event.currentTarget.value })}
        />
      </Panel>
      <div className={styles.foot}>
        <Button type="submit" size="md">
          Review before signing
        </Button>
        {isTried && Object.keys(problems).length > 0 && (
          <span className={styles.error} role="status">
            Something is still missing above.
          </span>
        )}
      </div>
    </form>
  )
}

function CustodianSelect({ value, onChange }: { readonly value: string; readonly onChange: (custodian: string) => void }): JSX.Element {
  const { data } = useQuery(organisationsQuery)
  const hospitals = (data ?? []).filter(({ role }) => role === 'hospital')
  return (
    <NativeSelect
      label="Held by"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: 'Any hospital' },
        ...hospitals.map(({ organisation, name }) => ({ value: organisation, label: `Only ${name}` })),
      ]}
    />
  )
}
