import { Button } from '@mantine/core'
import { type Trial, trialCountOpenedSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { JSX } from 'react'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { countWords } from './countWords.ts'
import styles from './Trials.module.css'

/** Asks all hospitals how many people meet the criteria that were kept, and shows what came of it. */
export function CountPanel({ trial }: { readonly trial: Trial }): JSX.Element {
  const queries = useQueryClient()
  const count = useMutation({
    mutationFn: () =>
      callGateway({ path: `/research/trials/${trial.study}/counts`, answer: trialCountOpenedSchema, method: 'POST', body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'studies'] }),
  })
  const { words, tone, hint } = countWords(trial.count)
  return (
    <Panel
      title="How many people?"
      note="Hospitals count in shares: you learn the number of all together, from 20 people on. In one count nobody learns a hospital’s own number."
    >
      <div className={styles.foot} data-count={trial.count?.state ?? 'none'}>
        <StatusPill tone={tone}>{words}</StatusPill>
        <span className={styles.note}>{hint}</span>
      </div>
      <div className={styles.foot}>
        <Button loading={count.isPending} disabled={trial.count?.state === 'counting'} onClick={() => count.mutate()}>
          {trial.count === null ? 'Ask the hospitals to count' : 'Count again'}
        </Button>
      </div>
      {count.isError && <ProblemNotice problem={problemOf(count.error)} />}
    </Panel>
  )
}
