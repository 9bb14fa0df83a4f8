import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { type ConsentSecret, ContractError } from '@medsync/protocol'
import { KeyRound } from 'lucide-react'
import { type JSX, useState } from 'react'
import { type Problem, ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useNetwork } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { useSession } from '../session/useSession.ts'
import { walletOf } from '../wallet/reconnectWallet.ts'
import { openSecret } from './secretStore.ts'

export type SecretDialogProps = {
  readonly onOpened: (secret: ConsentSecret) => void
  readonly onClosed: (error: unknown) => void
}

/** Explains in a few words why the wallet is about to sign twice, and lets it. */
export function SecretDialog({ onOpened, onClosed }: SecretDialogProps): JSX.Element {
  const network = useNetwork()
  const session = useSession()
  const [isSigning, setIsSigning] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const close = (): void => onClosed(new ContractError('chain/rejected-by-user'))
  const open = async (): Promise<void> => {
    setIsSigning(true)
    setProblem(undefined)
    try {
      onOpened(await openSecret(await walletOf(network, session), network.chainId))
    } catch (error) {
      setProblem(problemOf(error))
      setIsSigning(false)
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={<Text fw={650}>Make your MedSync key in this browser</Text>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text>
          What you decide is kept secret by a key that only your wallet can make. To make it in this browser, your wallet signs one fixed
          text twice.
        </Text>
        <List spacing="xs" icon={<KeyRound size={16} aria-hidden="true" />}>
          <List.Item>Signing costs nothing and moves nothing.</List.Item>
          <List.Item>The key stays in this tab’s memory and is gone when you close it.</List.Item>
          <List.Item>The same wallet makes the same key in any browser, so nothing is lost.</List.Item>
        </List>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Not now
          </Button>
          <Button onClick={() => void open()} loading={isSigning} data-autofocus>
            Sign with my wallet
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
