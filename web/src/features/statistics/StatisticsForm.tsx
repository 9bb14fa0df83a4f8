import { Button, NativeSelect, Radio, TextInput } from '@mantine/core'
import { type CohortField, roundOpenedSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { AsOfChoice } from './AsOfChoice.tsx'
import { BinPicker } from './BinPicker.tsx'
import { FIELDS } from './fields.ts'
import { LearntPanel } from './LearntPanel.tsx'
import { MeasureDetails } from './MeasureDetails.tsx'
import { PrivacyChoice } from './PrivacyChoice.tsx'
import { MEASURE_WORDS } from './questionWords.ts'
import styles from './StatisticsForm.module.css'
import {
  type MeasureKind,
  measuresOf,
  newStatisticsDraft,
  problemsOfStatistics,
  questionOf,
  type StatisticsDraft,
  withField,
} from './statisticsDraft.ts'

const COHORT_NAMES = ['ageDecade', 'gender'] as const satisfies readonly CohortField[]

const MEASURE_NOTES: Readonly<Record<MeasureKind, string>> = {
  count: 'How many there are',
  sum: 'All values together',
  mean: 'The average of all people',
  variance: 'How far values spread',
  histogram: 'How many lie in each bin',
  crossTable: 'How many by age and sex',
}

/** Builds a question to all hospitals, and says before it is sent what everybody will learn from its answer. */
export function StatisticsForm(): JSX.Element {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [draft, setDraft] = useState<StatisticsDraft>(newStatisticsDraft)
  const [isTried, setIsTried] = useState(false)
  const problems = problemsOfStatistics(draft)
  const isWhole = Object.keys(problems).length === 0
  const shown = isTried ? problems : {}
  const ask = useMutation({
    mutationFn: () =>
      callGateway({
        path: '/hospital/rounds/statistics',
        answer: roundOpenedSchema,
        method: 'POST',
        body: { ...questionOf(draft), asOf: draft.asOf },
      }),
    onSuccess: async ({ round }) => {
      await queries.invalidateQueries({ queryKey: ['mine', 'rounds'] })
      await navigate(`/hospital/rounds/${encodeURIComponent(round)}`)
    },
  })
  const put = (change: Partial<StatisticsDraft>): void => {
    ask.reset()
    setDraft((before) => ({ ...before, ...change }))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (isWhole && !ask.isPending) ask.mutate()
  }
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      <div className={styles.fields}>
        <Panel title="About what?">
          <div className={styles.two}>
            <NativeSelect
              label="Field"
              value={draft.field}
              onChange={(event) => {
                const field = event.currentTarget.value
                ask.reset()
                setDraft((before) => withField(before, field))
              }}
              data={[
                {
                  group: 'People',
                  items: [
                    { value: 'people', label: 'People' },
                    { value: 'age', label: 'Age' },
                  ],
                },
                {
                  group: 'Latest value of each person',
                  items: FIELDS.map(({ loinc, name, unitWords }) => ({ value: loinc, label: `${name} (${unitWords})` })),
                },
                { group: 'Another one', items: [{ value: 'other', label: 'By LOINC code' }] },
              ]}
            />
            {draft.field === 'other' && (
              <>
                <TextInput
                  label="LOINC code"
                  description="For example 8480-6"
                  value={draft.loinc}
                  error={shown.loinc}
                  onChange={(event) => put({ loinc: event.currentTarget.value })}
                />
                <TextInput
                  label="Unit"
                  description="UCUM, for example mm[Hg]"
                  value={draft.unit}
                  error={shown.unit}
                  onChange={(event) => put({ unit: event.currentTarget.value })}
                />
              </>
            )}
          </div>
        </Panel>
        <Panel title="What of it?">
          <Radio.Group
            aria-label="What is asked"
            value={draft.measure}
            onChange={(value) => put({ measure: measuresOf(draft.field).find((measure) => measure === value) ?? 'count' })}
          >
            <div className={styles.options}>
              {measuresOf(draft.field).map((measure) => (
                <Radio.Card key={measure} value={measure} className={styles.option ?? ''}>
                  <Radio.Indicator />
                  <span>
                    <span className={styles.name}>{MEASURE_WORDS[measure]}</span>
                    <span className={styles.note}>{MEASURE_NOTES[measure]}</span>
                  </span>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          <MeasureDetails draft={draft} shown={shown} onChange={put} />
        </Panel>
        <Panel title="Of whom?" note="Nothing chosen in a group means that it does not matter.">
          {COHORT_NAMES.map((name) => (
            <BinPicker key={name} name={name} chosen={draft[name]} onChange={(bins) => put({ [name]: bins })} />
          ))}
        </Panel>
        <Panel title="How exact?">
          <PrivacyChoice draft={draft} isWhole={isWhole} onChange={(epsilonMilli) => put({ epsilonMilli })} />
        </Panel>
        {draft.epsilonMilli === null && (
          <Panel title="Of which time?">
            <AsOfChoice value={draft.asOf} onChange={(asOf) => put({ asOf })} />
          </Panel>
        )}
      </div>
      <div className={styles.side}>
        <LearntPanel draft={draft} isWhole={isWhole} />
        <Button type="submit" size="md" fullWidth loading={ask.isPending}>
          Ask all hospitals
        </Button>
        {isTried && !isWhole && (
          <p className={styles.error} role="alert">
            {Object.values(problems)[0]}
          </p>
        )}
        {ask.isError && <ProblemNotice problem={problemOf(ask.error)} />}
      </div>
    </form>
  )
}
