import { Button, Title } from '@mantine/core'
import { HandHeart, Plus } from 'lucide-react'
import type { JSX } from 'react'
import { ConsentCard } from '../../features/consents/ConsentCard.tsx'
import { type ConsentView, useConsents } from '../../features/consents/useConsents.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { useRequireSecret, useSecret } from '../../features/secret/useSecret.tsx'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from '../frame/Tiles.module.css'

/** Every consent that this account ever gave: those in force first. */
export function ConsentsPage(): JSX.Element {
  const { views, error, retry } = useConsents()
  const inForce = views?.filter(({ standing }) => standing === 'active')
  const ended = views?.filter(({ standing }) => standing !== 'active')
  return (
    <Page
      title="Your consents"
      lead="Each one says who may use your data, what for, which data, and until when. You can change or end it at any time."
      actions={
        <ButtonLink to="/patient/consents/new" leftSection={<Plus size={18} aria-hidden="true" />}>
          Give a consent
        </ButtonLink>
      }
    >
      {error !== null && error !== undefined && <ProblemNotice problem={problemOf(error)} onRetry={retry} />}
      {views === undefined && !error && <ListSkeleton what="your consents" heightPx={180} />}
      {views?.length === 0 && (
        <EmptyState
          icon={HandHeart}
          title="You have given no consent"
          action={<ButtonLink to="/patient/consents/new">Give your first consent</ButtonLink>}
        >
          Until you give one, every request for your data is refused.
        </EmptyState>
      )}
      {views !== undefined && views.length > 0 && <CheckNotice views={views} />}
      {inForce !== undefined && inForce.length > 0 && <Group title="In force" views={inForce} />}
      {ended !== undefined && ended.length > 0 && <Group title="Ended or not granted" views={ended} />}
    </Page>
  )
}

function Group({ title, views }: { readonly title: string; readonly views: readonly ConsentView[] }): JSX.Element {
  return (
    <section className={styles.group}>
      <Title order={2}>{title}</Title>
      <CardList label={title}>
        {views.map((view) => (
          <li key={view.consent.commitment}>
            <ConsentCard view={view} />
          </li>
        ))}
      </CardList>
    </section>
  )
}

function CheckNotice({ views }: { readonly views: readonly ConsentView[] }): JSX.Element {
  const secret = useSecret()
  const requireSecret = useRequireSecret()
  const broken = views.filter(({ mismatch }) => mismatch !== undefined).length
  if (broken > 0) {
    return (
      <Notice kind="problem" title={`${countOf(broken, 'consent does', 'consents do')} not match the chain`}>
        Look for the entries marked below. Somebody may have changed what is shown to you.
      </Notice>
    )
  }
  if (secret !== undefined) {
    return <Notice kind="good">Checked in this browser: each consent is what the chain keeps, and was made with your own wallet.</Notice>
  }
  return (
    <Notice
      kind="good"
      action={
        <Button size="compact-sm" variant="default" onClick={() => void requireSecret().catch(() => undefined)}>
          Check with my wallet as well
        </Button>
      }
    >
      Checked in this browser: what is shown here is what the chain keeps for each consent.
    </Notice>
  )
}
