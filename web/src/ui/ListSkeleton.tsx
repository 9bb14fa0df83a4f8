import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import type { JSX } from 'react'

/** Holds the place of a list while it is fetched, and says so to a screen reader. */
export function ListSkeleton({
  rows = 3,
  heightPx = 96,
  what = 'the list',
}: {
  readonly rows?: number
  readonly heightPx?: number
  readonly what?: string
}): JSX.Element {
  return (
    <Stack gap="md" role="status">
      <VisuallyHidden>Loading {what}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <Skeleton key={row} height={heightPx} radius="lg" />
      ))}
    </Stack>
  )
}
