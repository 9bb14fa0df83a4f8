import { Button, TextInput, Title } from '@mantine/core'
import type { StudyView } from '@medsync/protocol'
import { type FormEvent, type JSX, useId, useState } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { formatAmount, parseAmount } from '../../ui/format/formatAmount.ts'
import { Moment } from '../../ui/Moment.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { loadChain } from '../chain/loadChain.ts'
import { purposeOfIndex, purposeWords } from '../consents/purposeWords.ts'
import { categoryWords, listWords, periodWords } from '../consents/termsInWords.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { type Token, useTokenOf } from '../network/useToken.ts'
import { useSession } from '../session/useSession.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useTransaction } from '../transactions/useTransaction.ts'
import { CloseStudy } from './CloseStudy.tsx'
import styles from './StudyCard.module.css'

/** One study of the own office: its offer, its money, and what its funder can do with it. */
export function StudyCard({ study }: { readonly study: StudyView }): JSX.Element {
  const nowS = useNowS()
  const { account } = useSession()
  const token = useTokenOf()(study.token)
  const titleId = useId()
  const purpose = purposeOfIndex(study.purposeIndex)
  const isOpen = study.state === 'open'
  const isRunning = nowS < study.deadlineS
  const available = BigInt(study.available)
  const price = BigInt(study.price)
  const bond = BigInt(study.bond)
  return (
    <article className={styles.card} aria-labelledby={titleId} data-study={study.study}>
      <div className={styles.head}>
        <Title order={2} size="h3" id={titleId}>
          {study.details?.title ?? `Study ${study.study}`}
        </Title>
        <StatusPill tone={isOpen && isRunning ? 'good' : 'rest'}>
          {isOpen ? (isRunning ? 'Running' : 'Deadline passed') : 'Closed'}
        </StatusPill>
      </div>
      {study.details !== null && study.details.summary !== '' && <p className={styles.summary}>{study.details.summary}</p>}
      <div className={styles.money}>
        <div>
          <p className={styles.figure}>
            <Amount amount={available} unit={token} places={2} />
          </p>
          <p className={styles.note}>available, pays for {countOf(Number(available / price), 'access', 'accesses')}</p>
        </div>
        <div>
          <p className={styles.figure}>
            <Amount amount={BigInt(study.openRequests) * price} unit={token} places={2} />
          </p>
          <p className={styles.note}>held for {countOf(study.openRequests, 'open request')}</p>
        </div>
        {bond > 0n && isOpen && (
          <div>
            <p className={styles.figure}>
              <Amount amount={bond} unit={token} places={2} />
            </p>
            <p className={styles.note}>bond</p>
          </div>
        )}
      </div>
      <Facts
        rows={[
          ['Number', study.study],
          purpose !== undefined && ['Purpose', `${purposeWords(purpose.code)} (${purpose.code})`],
          study.details !== null && [
            'Data',
            `${listWords(study.details.categories.map(categoryWords))}, ${periodWords(study.details.dataFromS, study.details.dataToS)}`,
          ],
          [
            'Pays',
            <>
              <Amount amount={price} unit={token} /> an access: hospital {study.hospitalBps / 100} %, pool {study.poolBps / 100} %, the rest
              to the patient; at most {countOf(study.capPerPatient, 'access', 'accesses')} a patient
            </>,
          ],
          ['Patients', cohortWords(study)],
          study.openDisputes + study.upheld > 0 && ['Disputes', `${study.openDisputes} open, ${study.upheld} upheld`],
          ['Requests until', <Moment key="deadline" timeS={study.deadlineS} />],
          study.funder !== account && ['Funded by', <ShortId key="funder" id={study.funder} kind="account" />],
        ]}
      />
      {isOpen && study.funder === account && isRunning && <TopUp study={study} token={token} />}
      {isOpen && study.funder === account && !isRunning && available > 0n && <Refund study={study} token={token} />}
      {isOpen && !isRunning && <CloseStudy study={study} token={token} />}
    </article>
  )
}

/** How many patients are in the study, and whether that is enough for data to leave. */
function cohortWords({ cohort, minCohort }: StudyView): string {
  const asked = `${countOf(cohort, 'patient')} asked or answered`
  if (minCohort <= 1) return asked
  return cohort < minCohort ? `${asked}; no data leaves before ${minCohort} are asked` : `${asked}, at least the ${minCohort} of the offer`
}

function TopUp({ study, token }: { readonly study: StudyView; readonly token: Token }): JSX.Element {
  const network = useNetwork()
  const transaction = useTransaction(`fund:${study.study}`)
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const [isTried, setIsTried] = useState(false)
  const amount = parseAmount(text, token.decimals)
  const isGood = amount !== undefined && amount > 0n
  if (!isOpen) {
    return (
      <div>
        <Button variant="default" onClick={() => setIsOpen(true)}>
          Top up
        </Button>
      </div>
    )
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setIsTried(true)
    if (!isGood || transaction.isPending) return
    const label = `Add ${formatAmount(amount, token)} to study ${study.study}`
    const done = await transaction.run(label, async () =>
      (await loadChain()).fundStudyCalls(network, { study: study.study, token: study.token, amount }),
    )
    if (done !== undefined) setText('')
  }
  return (
    <form className={styles.inline} onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Amount to add"
        inputMode="decimal"
        value={text}
        error={isTried && !isGood && text !== '' ? 'Give an amount above zero.' : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        rightSection={<span className={styles.unit}>{token.symbol}</span>}
        rightSectionWidth="4.5rem"
        autoFocus
      />
      <TransactionButton type="submit" size="md" state={transaction.state} pending="Adding…">
        Sign and add
      </TransactionButton>
      <div className={styles.wide}>
        <TransactionStatus state={transaction.state} />
      </div>
    </form>
  )
}

function Refund({ study, token }: { readonly study: StudyView; readonly token: Token }): JSX.Element {
  const network = useNetwork()
  const transaction = useTransaction(`refund:${study.study}`)
  const rest = formatAmount(BigInt(study.available), token)
  const start = (): void =>
    void transaction.run(`Take ${rest} back from study ${study.study}`, async () =>
      (await loadChain()).refundStudyCalls(network, { study: study.study }),
    )
  return (
    <div>
      <TransactionButton variant="default" state={transaction.state} pending="Taking back…" onClick={start}>
        Take {rest} back
      </TransactionButton>
      <TransactionStatus state={transaction.state} />
    </div>
  )
}
