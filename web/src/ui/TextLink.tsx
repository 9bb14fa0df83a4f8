import { Anchor } from '@mantine/core'
import type { JSX, ReactNode } from 'react'
import { Link } from 'react-router'

/** A link inside the portals. */
export function TextLink({ to, children }: { readonly to: string; readonly children: ReactNode }): JSX.Element {
  return (
    <Anchor component={Link} to={to} inherit>
      {children}
    </Anchor>
  )
}
