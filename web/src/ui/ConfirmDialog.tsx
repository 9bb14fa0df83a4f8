import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { JSX, ReactNode } from 'react'

export type ConfirmDialogProps = {
  readonly opened: boolean
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ReactNode
  readonly confirm: string
  readonly danger?: boolean
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks before something that cannot be taken back. Escape and the first button cancel. */
export function ConfirmDialog({ opened, title, children, confirm, danger = false, onConfirm, onCancel }: ConfirmDialogProps): JSX.Element {
  return (
    <Modal
      opened={opened}
      onClose={onCancel}
      title={<Text fw={650}>{title}</Text>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="lg">
        <div>{children}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} data-autofocus>
            Cancel
          </Button>
          <Button {...(danger ? { color: 'clay' } : {})} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
