import { Button } from '@mantine/core'
import type { Trial } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import * as z from 'zod'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { CriterionRow, KIND_WORDS } from './CriterionRow.tsx'
import { CRITERION_KINDS, type CriterionDraft, groupOf, newCriterion, problemOfCriterion, wordsOfCriteria } from './criteriaDraft.ts'
import { draftsOf } from './draftsOf.ts'
import styles from './Trials.module.css'

/** Whom a study looks for: all of these have to hold, in words beside the form. */
export function CriteriaForm({ study, trial }: { readonly study: number; readonly trial: Trial | undefined }): JSX.Element {
  const queries = useQueryClient()
  const known = trial === undefined ? undefined : draftsOf(trial.criteria)
  const [rows, setRows] = useState<readonly CriterionDraft[]>(() => known ?? [newCriterion('age', [])])
  const [isTried, setIsTried] = useState(false)
  const keep = useMutation({
    mutationFn: () =>
      callGateway({ path: `/research/trials/${study}`, answer: z.unknown(), method: 'PUT', body: { criteria: groupOf(rows) } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'studies'] }),
  })
  const problems = rows.map(problemOfCriterion)
  const isWhole = rows.length > 0 && problems.every((problem) => problem === undefined)
  const words = isWhole ? wordsOfCriteria(rows) : []
  const change = (next: readonly CriterionDraft[]): void => {
    keep.reset()
    setRows(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (isWhole && !('problem' in words) && !keep.isPending) keep.mutate()
  }
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      {trial !== undefined && known === undefined && (
        <Notice kind="warning">The criteria that stand were not made with this form. Keeping these replaces them.</Notice>
      )}
      <div className={styles.stack}>
        {rows.map((draft, index) => (
          <CriterionRow
            key={draft.id}
            draft={draft}
            place={index + 1}
            problem={isTried ? problems[index] : undefined}
            onChange={(changed) => change(rows.map((each) => (each.id === draft.id ? { ...each, ...changed } : each)))}
            onRemove={() => change(rows.filter(({ id }) => id !== draft.id))}
          />
        ))}
      </div>
      <div className={styles.foot}>
        {CRITERION_KINDS.map((kind) => (
          <Button key={kind} size="compact-md" variant="default" onClick={() => change([...rows, newCriterion(kind, rows)])}>
            Add: {KIND_WORDS[kind].toLowerCase()}
          </Button>
        ))}
      </div>
      <Panel title="In words" order={3} quiet note="As hospitals and invited patients read it. All of it has to hold.">
        {'problem' in words ? (
          <p className={styles.error}>{words.problem}</p>
        ) : (
          <ul className={styles.words} aria-live="polite">
            {words.map((sentence, index) => (
              <li key={rows[index]?.id}>{sentence}</li>
            ))}
          </ul>
        )}
        {!isWhole && <p className={styles.note}>Something is still missing above.</p>}
      </Panel>
      <div className={styles.foot}>
        <Button type="submit" loading={keep.isPending}>
          Keep the criteria
        </Button>
        {keep.isSuccess && <span role="status">Kept.</span>}
        {isTried && !isWhole && (
          <p className={styles.error} role="alert">
            {rows.length === 0 ? 'Add at least one criterion.' : problems.find((problem) => problem !== undefined)}
          </p>
        )}
      </div>
      {keep.isError && <ProblemNotice problem={problemOf(keep.error)} />}
    </form>
  )
}
