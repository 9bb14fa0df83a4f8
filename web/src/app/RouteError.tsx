import { Button } from '@mantine/core'
import type { JSX } from 'react'
import { useRouteError } from 'react-router'
import { problemOf } from '../features/problem/problemOf.ts'
import { Page } from '../ui/layout/Page.tsx'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'
import styles from './site.module.css'

/** Stands in when the whole app fails: says what happened and offers the way on, instead of an empty window. */
export function RouteError(): JSX.Element {
  return (
    <main className={styles.plain}>
      <PageError />
    </main>
  )
}

/** As `RouteError`, for one page inside a portal, whose frame goes on working. */
export function PageError(): JSX.Element {
  const error = useRouteError()
  return (
    <Page
      title="This page did not work"
      actions={
        <>
          <Button onClick={() => window.location.reload()}>Load the page again</Button>
          <Button component="a" href="/" variant="default">
            To the start
          </Button>
        </>
      }
    >
      <ProblemNotice problem={problemOf(error)} />
    </Page>
  )
}
