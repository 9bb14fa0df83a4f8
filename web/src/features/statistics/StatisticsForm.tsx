import { Button, Checkbox, NativeSelect, Radio, TextInput } from '@mantine/core'
import { COHORT_FIELDS, type CohortField, roundOpenedSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { FIELDS } from './fields.ts'
import { COHORT_WORDS, learntFrom, MEASURE_WORDS, questionWords } from './questionWords.ts'
import styles from './StatisticsForm.module.css'
import {
  hasRange,
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
      callGateway({ path: '/hospital/rounds/statistics', answer: roundOpenedSchema, method: 'POST', body: questionOf(draft) }),
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
      </div>
      <div className={styles.side}>
        <Learnt draft={draft} isWhole={isWhole} />
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

function MeasureDetails({
  draft,
  shown,
  onChange,
}: {
  readonly draft: StatisticsDraft
  readonly shown: Partial<Record<keyof StatisticsDraft, string>>
  readonly onChange: (change: Partial<StatisticsDraft>) => void
}): JSX.Element | null {
  const number = (name: 'min' | 'max' | 'decimals' | 'binsFrom' | 'binsTo' | 'binsStep', label: string): JSX.Element => (
    <TextInput
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={draft[name]}
      error={shown[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  )
  const side = (name: 'rows' | 'columns', label: string): JSX.Element => (
    <NativeSelect
      label={label}
      value={draft[name]}
      error={shown[name]}
      onChange={(event) => onChange({ [name]: COHORT_NAMES.find((each) => each === event.currentTarget.value) ?? 'gender' })}
      data={COHORT_NAMES.map((each) => ({ value: each, label: COHORT_WORDS[each] }))}
    />
  )
  if (hasRange(draft.measure)) {
    return (
      <div className={styles.details}>
        <p className={styles.note}>
          Values beyond the range count as its end. All later questions about this field have to keep to the same.
        </p>
        <div className={styles.three}>
          {number('min', 'Lowest value')}
          {number('max', 'Highest value')}
          {number('decimals', 'Decimals')}
        </div>
      </div>
    )
  }
  if (draft.measure === 'histogram') {
    return (
      <div className={styles.details}>
        <p className={styles.note}>
          Each bin holds its lower border, not its upper one. Make them so wide that each has 20 people and more: all later histograms of
          this field have to keep to the same.
        </p>
        <div className={styles.three}>
          {number('binsFrom', 'First border')}
          {number('binsTo', 'Last border')}
          {number('binsStep', 'Width of a bin')}
        </div>
      </div>
    )
  }
  if (draft.measure !== 'crossTable') return null
  return (
    <div className={styles.details}>
      <div className={styles.three}>
        {side('rows', 'Rows')}
        {side('columns', 'Columns')}
      </div>
    </div>
  )
}

function BinPicker({
  name,
  chosen,
  onChange,
}: {
  readonly name: CohortField
  readonly chosen: readonly number[]
  readonly onChange: (bins: number[]) => void
}): JSX.Element {
  return (
    <Checkbox.Group label={COHORT_WORDS[name]} value={chosen.map(String)} onChange={(values) => onChange(values.map(Number))} mb="md">
      <div className={styles.bins}>
        {COHORT_FIELDS[name].map((label, bin) => (
          <Checkbox key={label} value={String(bin)} label={label} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

function Learnt({ draft, isWhole }: { readonly draft: StatisticsDraft; readonly isWhole: boolean }): JSX.Element {
  const { learnt, hidden } = learntFrom(draft.measure)
  return (
    <Panel title="What everybody will learn">
      <p className={styles.question} aria-live="polite">
        {isWhole ? questionWords(questionOf(draft)) : 'Something is still missing in the question.'}
      </p>
      <ul className={styles.list}>
        {learnt.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p className={styles.name}>What nobody will learn</p>
      <ul className={styles.list}>
        {hidden.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Panel>
  )
}
