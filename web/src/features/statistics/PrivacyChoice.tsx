import { Radio } from '@mantine/core'
import { EPSILONS_MILLI } from '@medsync/protocol/sharing'
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { BudgetBar } from './BudgetBar.tsx'
import { epsilonWords, expectedWords } from './privacyWords.ts'
import styles from './StatisticsForm.module.css'
import { type EpsilonMilli, questionOf, type StatisticsDraft } from './statisticsDraft.ts'
import { budgetQuery } from './useBudget.ts'

const PROTECTION: Readonly<Record<EpsilonMilli, string>> = {
  100: 'strongest protection',
  250: 'strong protection',
  500: 'medium protection',
  1000: 'weak protection',
  2000: 'weakest protection',
}

const CHOICES = [
  { isNoised: false, name: 'Exact', note: 'For groups of 20 people and more. Withheld or refused where it would tell of a smaller one.' },
  {
    isNoised: true,
    name: 'With noise',
    note: 'Also protects each person in small groups: with or without any one of them the answer looks nearly the same. Costs a part of a yearly budget.',
  },
] as const

export type PrivacyChoiceProps = {
  readonly draft: StatisticsDraft
  /** Whether the rest of the question can be asked. */
  readonly isWhole: boolean
  readonly onChange: (epsilonMilli: EpsilonMilli | null) => void
}

/** Exact, or with how much noise: what that means in people, and what it costs. */
export function PrivacyChoice({ draft, isWhole, onChange }: PrivacyChoiceProps): JSX.Element {
  const { epsilonMilli } = draft
  return (
    <>
      <Radio.Group
        aria-label="How exact"
        value={epsilonMilli === null ? 'exact' : 'noised'}
        onChange={(value) => onChange(value === 'noised' ? (epsilonMilli ?? 1_000) : null)}
      >
        <div className={styles.options}>
          {CHOICES.map(({ isNoised, name, note }) => (
            <Radio.Card key={name} value={isNoised ? 'noised' : 'exact'} className={styles.option ?? ''}>
              <Radio.Indicator />
              <span>
                <span className={styles.name}>{name}</span>
                <span className={styles.note}>{note}</span>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {epsilonMilli !== null && <Epsilon draft={draft} isWhole={isWhole} chosen={epsilonMilli} onChange={onChange} />}
    </>
  )
}

function Epsilon({ draft, isWhole, chosen, onChange }: PrivacyChoiceProps & { readonly chosen: EpsilonMilli }): JSX.Element {
  const budget = useQuery(budgetQuery)
  if (budget.isError) return <ProblemNotice problem={problemOf(budget.error)} />
  if (budget.data === undefined) return <ListSkeleton rows={2} />
  const { hospitals, totalMilli, spentMilli } = budget.data
  return (
    <div className={styles.details}>
      <Radio.Group
        label="How much it may tell of one person"
        description={`Epsilon: the smaller, the more noise. Each of the ${hospitals} hospitals adds its own, so that it need not trust the others.`}
        value={String(chosen)}
        onChange={(value) => onChange(EPSILONS_MILLI.find((each) => String(each) === value) ?? chosen)}
      >
        <div className={styles.epsilons}>
          {EPSILONS_MILLI.map((each) => (
            <Radio
              key={each}
              value={String(each)}
              disabled={spentMilli + each > totalMilli}
              label={`${epsilonWords(each)}, ${PROTECTION[each]}`}
              description={isWhole ? `Typically ${expectedWords(questionOf(draft), { epsilonMilli: each, hospitals })}` : undefined}
            />
          ))}
        </div>
      </Radio.Group>
      <BudgetBar budget={budget.data} askedMilli={chosen} />
    </div>
  )
}
