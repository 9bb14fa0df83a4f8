import { Title } from '@mantine/core'
import { type JSX, type ReactNode, useId } from 'react'
import styles from './Panel.module.css'

export type PanelProps = {
  readonly title?: ReactNode
  /** A sentence under the title. */
  readonly note?: ReactNode
  /** Beside the title: a state, a button. */
  readonly aside?: ReactNode
  /** Level of the title, so that the outline of the page stays whole. */
  readonly order?: 2 | 3
  /** Without weight: for what is empty or optional. */
  readonly quiet?: boolean
  readonly children?: ReactNode
}

/** A sheet of paper with one matter on it; named by its title for those who do not see the border. */
export function Panel({ title, note, aside, order = 2, quiet = false, children }: PanelProps): JSX.Element {
  const id = useId()
  return (
    <section className={quiet ? `${styles.panel} ${styles.quiet}` : styles.panel} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <div className={styles.head}>
          <div className={styles.words}>
            <Title order={order} id={id}>
              {title}
            </Title>
            {note !== undefined && <p className={styles.note}>{note}</p>}
          </div>
          {aside !== undefined && <div className={styles.aside}>{aside}</div>}
        </div>
      )}
      {children}
    </section>
  )
}
