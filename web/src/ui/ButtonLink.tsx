import { Button, type ButtonProps } from '@mantine/core'
import type { JSX, ReactNode } from 'react'
import { Link } from 'react-router'

/** A link that looks like a button, for the one next step of a page. */
export function ButtonLink({ to, children, ...props }: ButtonProps & { readonly to: string; readonly children: ReactNode }): JSX.Element {
  return (
    <Button component={Link} to={to} {...props}>
      {children}
    </Button>
  )
}
