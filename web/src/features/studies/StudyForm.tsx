import { NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { PURPOSES } from '@medsync/protocol'
import { type JSX, useState } from 'react'
import { formatAmount } from '../../ui/format/formatAmount.ts'
import { sToDay } from '../../ui/format/formatTime.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { CategoryPicker } from '../consents/CategoryPicker.tsx'
import { descendantsOf, purposeWords } from '../consents/purposeWords.ts'
import { useNetwork } from '../network/useNetwork.ts'
import type { Token } from '../network/useToken.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import type { TransactionState } from '../transactions/transactionState.ts'
import styles from './StudyForm.module.css'
import { StudyPreviewPanel } from './StudyPreviewPanel.tsx'
import { previewOfStudy, problemsOfStudy, type StudyDraft } from './studyDraft.ts'
import { useBalance } from './useStudies.ts'

export type StudyFormProps = {
  readonly draft: StudyDraft
  readonly state: TransactionState
  readonly onChange: (draft: StudyDraft) => void
  /** Called with a token when nothing stands in the way any more. */
  readonly onOpen: (token: Token) => void
}

const research = descendantsOf('HRESCH').map(({ code }) => code)
const others = PURPOSES.map(({ code }) => code).filter((code) => code !== 'HRESCH' && !research.includes(code))
const optionOf = (code: string) => ({ value: code, label: `${purposeWords(code)} (${code})` })

/** A study's description and public offer, with what it costs and pays beside it. */
export function StudyForm({ draft, state, onChange, onOpen }: StudyFormProps): JSX.Element {
  const nowS = useNowS()
  const { tokens } = useNetwork()
  const [isTried, setIsTried] = useState(false)
  const token = tokens.find(({ address }) => address === draft.token)
  const balance = useBalance(token?.address)
  const problems = problemsOfStudy(draft, token, balance.data, nowS)
  const shown = isTried ? problems : {}
  const put = (change: Partial<StudyDraft>): void => onChange({ ...draft, ...change })
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        setIsTried(true)
        if (Object.keys(problems).length === 0 && token !== undefined) onOpen(token)
      }}
    >
      <div className={styles.fields}>
        <Panel title="What it is about" note="The description stays with your office; the chain gets its sealed fingerprint.">
          <div className={styles.stack}>
            <TextInput
              label="Title"
              value={draft.title}
              error={shown.title}
              maxLength={120}
              onChange={(event) => put({ title: event.currentTarget.value })}
            />
            <Textarea
              label="Summary"
              description="What you want to find out, for colleagues and auditors."
              autosize
              minRows={3}
              maxLength={2000}
              value={draft.summary}
              onChange={(event) => put({ summary: event.currentTarget.value })}
            />
            <NativeSelect
              label="Purpose"
              description="Public. Only consents for this purpose, or a wider one, permit an access."
              value={draft.purpose}
              onChange={(event) => put({ purpose: event.currentTarget.value })}
              data={[
                { group: 'Research', items: ['HRESCH', ...research].map(optionOf) },
                { group: 'Other purposes', items: others.map(optionOf) },
              ]}
            />
            <div className={styles.two}>
              <TextInput
                type="date"
                label="Data from"
                value={draft.dataFrom}
                onChange={(event) => put({ dataFrom: event.currentTarget.value })}
              />
              <TextInput
                type="date"
                label="Data up to"
                value={draft.dataTo}
                error={shown.dataTo}
                onChange={(event) => put({ dataTo: event.currentTarget.value })}
              />
            </div>
          </div>
        </Panel>
        <Panel
          title="Which data it needs"
          note="Fewer kinds mean more consents that fit. You can ask for less in each request, never for more than a consent covers."
        >
          <CategoryPicker value={draft.categories} error={shown.categories} onChange={(categories) => put({ categories })} />
        </Panel>
        <Panel
          title="What it pays"
          note="Public, and fixed once the study is open. A bond comes back with half of the pool’s share when the study is closed; if a dispute is upheld, the harmed patients get it."
        >
          <div className={styles.two}>
            <NativeSelect
              label="Token"
              value={draft.token}
              error={shown.token}
              onChange={(event) => put({ token: event.currentTarget.value })}
              data={tokens.map(({ address, symbol }) => ({ value: address, label: symbol }))}
            />
            <TextInput
              label="Price of one access"
              inputMode="decimal"
              value={draft.price}
              error={shown.price}
              rightSection={token && <span className={styles.unit}>{token.symbol}</span>}
              rightSectionWidth="4.5rem"
              onChange={(event) => put({ price: event.currentTarget.value })}
            />
            <NumberInput
              label="Hospital’s share"
              suffix=" %"
              min={0}
              max={100}
              decimalScale={2}
              value={draft.hospitalPercent}
              error={shown.hospitalPercent}
              onChange={(value) => put({ hospitalPercent: Number(value) || 0 })}
            />
            <NumberInput
              label="Pool’s share"
              suffix=" %"
              min={0}
              max={100}
              decimalScale={2}
              value={draft.poolPercent}
              onChange={(value) => put({ poolPercent: Number(value) || 0 })}
            />
            <NumberInput
              label="Accesses paid per patient"
              description="At most"
              min={1}
              allowDecimal={false}
              value={draft.capPerPatient}
              error={shown.capPerPatient}
              onChange={(value) => put({ capPerPatient: Number(value) || 0 })}
            />
            <NumberInput
              label="Smallest cohort"
              description="No data leaves before so many accounts are asked"
              min={1}
              allowDecimal={false}
              value={draft.minCohort}
              error={shown.minCohort}
              onChange={(value) => put({ minCohort: Number(value) || 0 })}
            />
            <NumberInput
              label="Hospitals answer within"
              description="Then the price comes back"
              suffix=" hours"
              min={1}
              max={2160}
              value={draft.answerWithinHours}
              error={shown.answerWithinHours}
              onChange={(value) => put({ answerWithinHours: Number(value) || 0 })}
            />
            <TextInput
              type="date"
              label="Last day for requests"
              description="Then you may take the rest back"
              min={sToDay(nowS)}
              value={draft.deadline}
              error={shown.deadline}
              onChange={(event) => put({ deadline: event.currentTarget.value })}
            />
            <TextInput
              label="Deposit"
              description={
                token === undefined || balance.data === undefined
                  ? 'Held by the contract'
                  : `Your account holds ${formatAmount(balance.data, token, { places: 2 })}`
              }
              inputMode="decimal"
              value={draft.deposit}
              error={shown.deposit}
              rightSection={token && <span className={styles.unit}>{token.symbol}</span>}
              rightSectionWidth="4.5rem"
              onChange={(event) => put({ deposit: event.currentTarget.value })}
            />
            <TextInput
              label="Bond"
              description="Comes back, or goes to harmed patients"
              inputMode="decimal"
              value={draft.bond}
              error={shown.bond}
              rightSection={token && <span className={styles.unit}>{token.symbol}</span>}
              rightSectionWidth="4.5rem"
              onChange={(event) => put({ bond: event.currentTarget.value })}
            />
          </div>
        </Panel>
      </div>
      <div className={styles.side}>
        <StudyPreviewPanel preview={previewOfStudy(draft, token, balance.data)} token={token} />
        <TransactionButton type="submit" size="md" fullWidth state={state} pending="Opening…">
          Sign, fund and open
        </TransactionButton>
        {isTried && Object.keys(problems).length > 0 && (
          <p className={styles.error} role="alert">
            Something is still missing or wrong: {Object.values(problems)[0]}
          </p>
        )}
        <TransactionStatus state={state} />
      </div>
    </form>
  )
}
