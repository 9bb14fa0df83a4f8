import { Checkbox, NativeSelect } from '@mantine/core'
import type { CategoryKey, Grant, StudyView } from '@medsync/protocol'
import { type JSX, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { Amount } from '../../ui/Amount.tsx'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { CategoryPicker } from '../consents/CategoryPicker.tsx'
import { purposeOfIndex, purposeWords } from '../consents/purposeWords.ts'
import { useEncryptionKey } from '../encryption/useEncryptionKey.ts'
import { useTokenOf } from '../network/useToken.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { AskableRow } from './AskableRow.tsx'
import { askablesOf } from './askables.ts'
import styles from './RequestBuilder.module.css'
import { useRequestAccess, wishesOf } from './useRequestAccess.ts'

export type RequestBuilderProps = { readonly grants: readonly Grant[]; readonly studies: readonly StudyView[] }

/** Choose a study, the patients and hospitals to ask, and the data; one signature makes all the requests. */
export function RequestBuilder({ grants, studies }: RequestBuilderProps): JSX.Element {
  const nowS = useNowS()
  const running = studies.filter(({ deadlineS }) => nowS < deadlineS).toSorted((one, other) => other.study - one.study)
  const [number, setNumber] = useState<string>()
  const study = running.find((each) => String(each.study) === number) ?? running[0]
  if (study === undefined) {
    return (
      <Notice kind="info" title="You need a study first" action={<ButtonLink to="/research/studies/new">Open a study</ButtonLink>}>
        {countOf(grants.length, 'patient consent waits', 'patient consents wait')} for a study that is open and funded.
      </Notice>
    )
  }
  return (
    <>
      <Panel title="1. For which study?">
        <NativeSelect
          label="Study"
          maw="32rem"
          value={String(study.study)}
          onChange={(event) => setNumber(event.currentTarget.value)}
          data={running.map((each) => ({
            value: String(each.study),
            label: `${each.study}: ${each.details?.title ?? 'without a title here'}`,
          }))}
        />
        <StudyLine study={study} />
      </Panel>
      <Choice key={study.study} grants={grants} study={study} nowS={nowS} />
    </>
  )
}

function StudyLine({ study }: { readonly study: StudyView }): JSX.Element {
  const token = useTokenOf()(study.token)
  const purpose = purposeOfIndex(study.purposeIndex)
  return (
    <p className={styles.note}>
      {purpose !== undefined && `${purposeWords(purpose.code)} (${purpose.code}). `}
      Pays <Amount amount={BigInt(study.price)} unit={token} /> an access,{' '}
      <Amount amount={BigInt(study.available)} unit={token} places={2} /> available.
    </p>
  )
}

function Choice({
  grants,
  study,
  nowS,
}: {
  readonly grants: readonly Grant[]
  readonly study: StudyView
  readonly nowS: number
}): JSX.Element {
  const navigate = useNavigate()
  const token = useTokenOf()(study.token)
  const key = useEncryptionKey()
  const { transaction, request } = useRequestAccess()
  const askables = useMemo(() => askablesOf(grants, study, nowS), [grants, study, nowS])
  const [chosenKeys, setChosenKeys] = useState<readonly string[]>([])
  const chosen = askables.filter((each) => each.obstacle === undefined && chosenKeys.includes(each.key))
  const free = askables.filter(({ obstacle }) => obstacle === undefined)
  const [categories, setCategories] = useState<readonly CategoryKey[]>(study.details?.categories ?? [])
  const asked = chosen.filter((each) => each.categories.some((category) => categories.includes(category)))
  const price = BigInt(study.price) * BigInt(asked.length)
  const isAffordable = price <= BigInt(study.available)
  const isKeyMissing = key.standing === 'none' || key.standing === 'other'
  const start = async (): Promise<void> => {
    if (!(await request(study.study, wishesOf(study, asked, categories)))) return
    await navigate('/research/requests')
  }
  return (
    <>
      <Panel
        title="2. Whom to ask?"
        note="One line for each patient and hospital. Whether a request is answered is decided by the hospital, from the chain, at that moment."
      >
        {free.length > 1 && (
          <Checkbox
            mb="sm"
            label={`Choose all ${free.length} that can be asked`}
            checked={chosen.length === free.length}
            indeterminate={chosen.length > 0 && chosen.length < free.length}
            onChange={(event) => setChosenKeys(event.currentTarget.checked ? free.map((each) => each.key) : [])}
          />
        )}
        <ul className={styles.rows}>
          {askables.map((askable) => (
            <AskableRow
              key={askable.key}
              askable={askable}
              isChosen={chosenKeys.includes(askable.key)}
              onChoose={(isChosen) =>
                setChosenKeys((before) => (isChosen ? [...before, askable.key] : before.filter((each) => each !== askable.key)))
              }
            />
          ))}
        </ul>
      </Panel>
      <Panel title="3. Which data?" note="Only what both the consent and the request name is released.">
        <CategoryPicker
          value={categories}
          {...(study.details === null ? {} : { offered: study.details.categories })}
          onChange={setCategories}
        />
      </Panel>
      {isKeyMissing && (
        <Notice kind="warning" title="Your key is missing" action={<ButtonLink to="/research/key">To your key</ButtonLink>}>
          {key.standing === 'none'
            ? 'Publish your encryption key first: hospitals seal the data to it.'
            : 'The published key is not yours: you could not open what is sent to it.'}
        </Notice>
      )}
      {!isAffordable && (
        <Notice kind="warning">
          The study has too little left for {countOf(asked.length, 'access', 'accesses')}. Top it up or choose fewer.
        </Notice>
      )}
      <div className={styles.foot}>
        <TransactionButton
          size="md"
          state={transaction.state}
          pending="Requesting…"
          disabled={!transaction.isPending && (asked.length === 0 || !isAffordable || isKeyMissing)}
          onClick={() => void start()}
        >
          {asked.length === 0 ? 'Choose whom to ask' : `Sign and request ${countOf(asked.length, 'access', 'accesses')}`}
        </TransactionButton>
        {asked.length > 0 && (
          <span>
            <Amount amount={price} unit={token} /> will be held until the hospital has answered.
          </span>
        )}
      </div>
      <TransactionStatus state={transaction.state} />
    </>
  )
}
