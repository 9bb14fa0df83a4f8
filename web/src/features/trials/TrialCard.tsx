import { Title } from '@mantine/core'
import type { StudyView, Trial } from '@medsync/protocol'
import { type JSX, useId } from 'react'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { countWords } from './countWords.ts'
import styles from './Trials.module.css'

/** One study with whom it looks for, as far as that was said. */
export function TrialCard({ study, trial }: { readonly study: StudyView; readonly trial: Trial | undefined }): JSX.Element {
  const titleId = useId()
  const { words, tone } = countWords(trial?.count ?? null)
  return (
    <article className={styles.card} aria-labelledby={titleId} data-trial={study.study}>
      <div className={styles.head}>
        <Title order={2} size="h3" id={titleId}>
          {study.details?.title ?? `Study ${study.study}`}
        </Title>
        {trial !== undefined && <StatusPill tone={tone}>{words}</StatusPill>}
      </div>
      {trial === undefined ? (
        <p className={styles.note}>It does not say yet whom it looks for.</p>
      ) : (
        <ul className={styles.words}>
          {[...new Set(trial.words)].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <div>
        <ButtonLink to={`/research/trials/${study.study}`} variant={trial === undefined ? 'filled' : 'default'}>
          {trial === undefined ? 'Say whom it looks for' : 'Criteria and count'}
        </ButtonLink>
      </div>
    </article>
  )
}
