import { VisuallyHidden } from '@mantine/core'
import { Check } from 'lucide-react'
import type { JSX, ReactNode } from 'react'
import styles from './Checklist.module.css'

export type ChecklistStep = {
  readonly title: string
  readonly text: string
  readonly isDone: boolean
  /** Shown while the step is the next one. */
  readonly action?: ReactNode
}

/** The way through a portal, one step after the other; the first that is not done is the next. */
export function Checklist({ steps }: { readonly steps: readonly ChecklistStep[] }): JSX.Element {
  const next = steps.findIndex(({ isDone }) => !isDone)
  return (
    <ol className={styles.list}>
      {steps.map((step, index) => (
        <li
          key={step.title}
          className={`${styles.item} ${step.isDone ? styles.done : ''} ${index === next ? styles.next : ''}`}
          aria-current={index === next ? 'step' : undefined}
        >
          <span className={styles.number} aria-hidden="true">
            {step.isDone ? <Check size={18} /> : index + 1}
          </span>
          <div className={styles.words}>
            <p>
              {step.title}
              {step.isDone && <VisuallyHidden> (done)</VisuallyHidden>}
            </p>
            <p>{step.text}</p>
          </div>
          {index === next && step.action !== undefined && <div className={styles.action}>{step.action}</div>}
        </li>
      ))}
    </ol>
  )
}
