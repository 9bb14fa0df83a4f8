import { Button, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import type { enrolmentCodeSchema } from '@medsync/protocol'
import { Check, Copy, Printer } from 'lucide-react'
import type { JSX } from 'react'
import type * as z from 'zod'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import styles from './EnrolmentCodeDialog.module.css'

export type EnrolmentCodeDialogProps = {
  readonly name: string
  readonly issued: z.output<typeof enrolmentCodeSchema>
  readonly onClose: () => void
}

/** Shows a new code this once: to copy, to print, to hand over. It is not kept readable anywhere. */
export function EnrolmentCodeDialog({ name, issued: { code, expiresAtS }, onClose }: EnrolmentCodeDialogProps): JSX.Element {
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>One-time code for {name}</Text>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack className={styles.sheet ?? ''}>
        <p className={styles.code} data-enrolment-code="">
          {code}
        </p>
        <p className={styles.note}>
          Works once, until <Moment timeS={expiresAtS} />. In MedSync’s patient portal: Records, “Link a record”.
        </p>
        <div data-print="no">
          <Notice kind="warning" title="It is shown only now">
            Hand it to the patient in person or on paper, after you checked who they are. Whoever has it can link this record to their
            account.
          </Notice>
        </div>
        <Group data-print="no">
          <CopyButton value={code}>
            {({ copied, copy }) => (
              <Button onClick={copy} leftSection={copied ? <Check size={17} aria-hidden="true" /> : <Copy size={17} aria-hidden="true" />}>
                {copied ? 'Copied' : 'Copy the code'}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" leftSection={<Printer size={17} aria-hidden="true" />} onClick={() => window.print()}>
            Print
          </Button>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
