import { useCallback } from 'react'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { useRequireSecret } from '../secret/useSecret.tsx'
import { type TransactionControl, useTransaction } from '../transactions/useTransaction.ts'
import { deriveKeyPair } from './deriveKeyPair.ts'

/** Publishes the wallet's own encryption key on the chain. */
export function usePublishKey(): { readonly transaction: TransactionControl; readonly publish: () => void } {
  const network = useNetwork()
  const requireSecret = useRequireSecret()
  const transaction = useTransaction('publish-key')
  const { run } = transaction
  const publish = useCallback(() => {
    void run('Publish your encryption key', async () => {
      const { publicKey } = await deriveKeyPair(await requireSecret())
      return (await loadChain()).setEncryptionKeyCalls(network, { key: publicKey })
    })
  }, [network, requireSecret, run])
  return { transaction, publish }
}
