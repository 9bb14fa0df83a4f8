import type { JSX } from 'react'
import { ButtonLink } from '../ui/ButtonLink.tsx'
import { Page } from '../ui/layout/Page.tsx'
import styles from './site.module.css'

/** For an address that leads nowhere. Inside a portal the frame around it is the page's `main`. */
export function NotFoundPage({ isInPortal = false }: { readonly isInPortal?: boolean }): JSX.Element {
  const page = (
    <Page
      title="There is no such page"
      lead="The address may be mistyped, or the page may have moved. Nothing was changed."
      actions={<ButtonLink to="/">To the start</ButtonLink>}
    />
  )
  return isInPortal ? page : <main className={styles.plain}>{page}</main>
}
