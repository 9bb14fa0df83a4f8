import { Button } from '@mantine/core'
import type { JSX } from 'react'
import { Notice } from './Notice.tsx'

/** A failure in words for people. */
export type Problem = {
  readonly code: string
  readonly what: string
  readonly hint: string
  /** Finds the request in the gateway's logs. */
  readonly id?: string | undefined
}

/** What went wrong, what to do next, and the code that an operator needs to look further. */
export function ProblemNotice({
  problem,
  onRetry,
}: {
  readonly problem: Problem
  readonly onRetry?: (() => void) | undefined
}): JSX.Element {
  return (
    <Notice
      kind="problem"
      title={problem.what}
      action={
        onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      <p>{problem.hint}</p>
      {problem.id !== undefined && (
        <p>
          <small>
            Reference <code>{problem.id}</code>
          </small>
        </p>
      )}
    </Notice>
  )
}
