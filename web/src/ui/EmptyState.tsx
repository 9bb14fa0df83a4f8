import { Title } from '@mantine/core'
import type { LucideIcon } from 'lucide-react'
import type { JSX, ReactNode } from 'react'
import styles from './EmptyState.module.css'

export type EmptyStateProps = {
  readonly icon: LucideIcon
  readonly title: string
  /** Why there is nothing, and what the next step is. */
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** Stands where a list will be: says what will appear here and how to get there. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps): JSX.Element {
  return (
    <div className={styles.empty}>
      <span className={styles.icon}>
        <Icon size={26} aria-hidden="true" />
      </span>
      <Title order={2} size="h3">
        {title}
      </Title>
      <p className={styles.text}>{children}</p>
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  )
}
