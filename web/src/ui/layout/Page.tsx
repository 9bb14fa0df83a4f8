import { Title } from '@mantine/core'
import type { JSX, ReactNode } from 'react'
import styles from './Page.module.css'

export type PageProps = {
  /** Heading of the page and, with the product's name, the title of the browser's tab. */
  readonly title: string
  /** Small line above the heading: where one is. */
  readonly eyebrow?: ReactNode
  /** One or two sentences on what the page is for. */
  readonly lead?: ReactNode
  /** Buttons beside the heading. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** One page of a portal. Its heading takes the focus when the route changes (`useRouteFocus`), so that a screen reader says where one is. */
export function Page({ title, eyebrow, lead, actions, children }: PageProps): JSX.Element {
  return (
    <div className={styles.page}>
      <title>{`${title} · MedSync`}</title>
      <header className={styles.head}>
        <div className={styles.words}>
          {eyebrow !== undefined && <p className={styles.eyebrow}>{eyebrow}</p>}
          <Title order={1} tabIndex={-1} data-page-heading="">
            {title}
          </Title>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}
