import { Button, type ButtonProps } from '@mantine/core'
import type { JSX, ReactNode } from 'react'
import type { TransactionState } from './transactionState.ts'
import { isPending } from './transactionState.ts'

export type TransactionButtonProps = ButtonProps & {
  readonly state: TransactionState
  /** What the button says while the action is under way, e.g. "Revoking…". */
  readonly pending: string
  readonly children: ReactNode
  readonly type?: 'button' | 'submit'
  readonly onClick?: () => void
}

/** Starts an action and waits with it: it says what is under way and cannot be pressed again until it has ended. */
export function TransactionButton({ state, pending, children, disabled, onClick, ...props }: TransactionButtonProps): JSX.Element {
  const isBusy = isPending(state)
  return (
    <Button
      {...props}
      disabled={disabled === true}
      aria-disabled={isBusy}
      data-busy={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onClick?.()
      }}
    >
      {isBusy ? pending : children}
    </Button>
  )
}
