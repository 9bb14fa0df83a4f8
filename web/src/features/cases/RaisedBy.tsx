import { type CaseDetail, errorWords, isErrorCode } from '@medsync/protocol'
import type { JSX } from 'react'
import styles from './CaseParts.module.css'
import { MODIFIER_WORDS, modelWords } from './caseWords.ts'
import { sourceOf } from './evidenceOf.ts'

/** What raises a score beyond the vital signs: laboratory values, quotes from the notes, and what a language model said. */
export function RaisedBy({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const { modifiers, notes, suggestion } = detail.urgency.evidence
  const isNothing = modifiers.length === 0 && notes.length === 0 && suggestion === undefined
  return (
    <>
      {isNothing && <p className={styles.note}>Nothing raises this score beyond the vital signs.</p>}
      <ul className={styles.rows}>
        {modifiers.map(({ rule, raise, sources }) => (
          <li key={rule} className={styles.row} data-raise={rule}>
            <p className={styles.what}>{MODIFIER_WORDS[rule]}</p>
            <span className={styles.raise}>+{raise}</span>
            <p className={styles.note}>
              {sources.flatMap((source) => sourceOf(detail.observations, source, 'lactate')?.value ?? []).join('; ')}
            </p>
          </li>
        ))}
        {notes.map(({ rule, raise, reason, note, quote }) => (
          <li key={`${note} ${rule}`} className={styles.row} data-raise={rule}>
            <p className={styles.what}>{reason}</p>
            <span className={styles.raise}>+{raise}</span>
            <blockquote className={styles.quote}>{quote}</blockquote>
          </li>
        ))}
        {suggestion !== undefined && (
          <li className={styles.row} data-raise="model">
            <p className={styles.what}>The language model says: {suggestion.reason}</p>
            <span className={styles.raise}>+{suggestion.raise}</span>
            <blockquote className={styles.quote}>{suggestion.quote}</blockquote>
          </li>
        )}
      </ul>
      {(notes.length > 1 || (notes.length > 0 && suggestion !== undefined)) && (
        <p className={styles.note}>Of what the notes tell, the highest counts alone.</p>
      )}
      {modifiers.length > 1 && <p className={styles.note}>Of the laboratory values, one counts.</p>}
      <ModelWord model={detail.model} />
      {detail.urgency.remarks.map(({ code, note }) => (
        <p key={`${code} ${note ?? ''}`} className={styles.note}>
          {wordsOf(code)}
        </p>
      ))}
    </>
  )
}

function ModelWord({ model: { state, code } }: { readonly model: CaseDetail['model'] }): JSX.Element {
  return (
    <p className={styles.note} data-model={state}>
      {modelWords(state)} {code !== null && wordsOf(code)}
    </p>
  )
}

function wordsOf(code: string): string {
  return isErrorCode(code) ? errorWords[code].what : code
}
