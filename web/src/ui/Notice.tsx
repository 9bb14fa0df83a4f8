import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { JSX, ReactNode } from 'react'
import styles from './Notice.module.css'

export type NoticeKind = 'info' | 'good' | 'warning' | 'problem'

const icons: Record<NoticeKind, LucideIcon> = { info: Info, good: CircleCheck, warning: TriangleAlert, problem: CircleAlert }

export type NoticeProps = {
  readonly kind?: NoticeKind
  readonly title?: ReactNode
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** A few words that stand out. Problems interrupt a screen reader; the rest waits for its turn. */
export function Notice({ kind = 'info', title, children, action }: NoticeProps): JSX.Element {
  const Icon = icons[kind]
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === 'problem' ? 'alert' : 'status'}>
      <Icon size={20} aria-hidden="true" />
      <div className={styles.body}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        {children !== undefined && <div>{children}</div>}
        {action !== undefined && <div className={styles.action}>{action}</div>}
      </div>
    </div>
  )
}
