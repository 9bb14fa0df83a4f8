import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type Access, statementTextSchema } from '@medsync/protocol'
import { type FormEvent, type JSX, useState } from 'react'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useDispute } from './useDispute.ts'

/** Lets the patient dispute one entry: says what becomes public, and takes the words that do not. */
export function DisputeButton({ access }: { readonly access: Access }): JSX.Element {
  const { transaction, start } = useDispute(access)
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const [isTried, setIsTried] = useState(false)
  const isGood = statementTextSchema.safeParse(text).success
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (!isGood) return
    setIsOpen(false)
    void start(text)
  }
  return (
    <div>
      <TransactionButton variant="default" state={transaction.state} pending="Disputing…" onClick={() => setIsOpen(true)}>
        Dispute
      </TransactionButton>
      <TransactionStatus state={transaction.state} />
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title={<Text fw={650}>Dispute entry {access.index} of your log</Text>}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form noValidate onSubmit={submit}>
          <Stack>
            <ul>
              <li>That you dispute this entry becomes public, and cannot be taken back. An arbiter decides, once and for all.</li>
              <li>Your words do not become public: the chain gets only a sealed fingerprint of them.</li>
              <li>The hospital’s gateway keeps them encrypted and shows them to you here; show them to the arbiter yourself.</li>
            </ul>
            <Textarea
              label="What was wrong?"
              description="For example: there was no emergency, or I was never asked."
              autosize
              minRows={3}
              maxRows={10}
              maxLength={2000}
              value={text}
              error={isTried && !isGood ? 'Say it in three letters at least.' : undefined}
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setIsOpen(false)}>
                Cancel
              </Button>
              <Button type="submit" color="clay">
                Sign and dispute
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </div>
  )
}
