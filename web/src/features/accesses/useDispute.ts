import {
  type Access,
  type Felt,
  fileDisputeSchema,
  IncompleteLogError,
  newSalt,
  singleEntries,
  statementHash,
  statementTextSchema,
} from '@medsync/protocol'
import { useCallback, useRef } from 'react'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { callGateway } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { type TransactionControl, useTransaction } from '../transactions/useTransaction.ts'
import { loadAccesses } from './loadAccesses.ts'

/** Keeps the patient's words at the gateway, then disputes the entry on the chain with their salted hash. */
export function useDispute({ index, hospital }: Pick<Access, 'index' | 'hospital'>): {
  readonly transaction: TransactionControl
  readonly start: (words: string) => Promise<boolean>
} {
  const network = useNetwork()
  const { account } = useSession()
  const transaction = useTransaction(`dispute:${index}`)
  const filed = useRef<{ readonly text: string; readonly statement: Felt }>(undefined)
  const { run } = transaction
  const start = useCallback(
    async (words: string) => {
      const text = statementTextSchema.parse(words)
      const file = async (): Promise<Felt> => {
        if (filed.current?.text === text) return filed.current.statement
        const salt = newSalt()
        const statement = statementHash(text, salt)
        const body = { hospital, statement, text, salt }
        await callGateway({ path: '/patient/disputes', answer: fileDisputeSchema, method: 'POST', body })
        filed.current = { text, statement }
        return statement
      }
      const hash = await run(`Dispute entry ${index}`, async () => {
        // The way up in the tree changes with every new entry: it is computed from the list as it is now.
        const [{ disputeSingleCalls }, { ordered, log, proof }, statement] = await Promise.all([
          loadChain(),
          loadAccesses(network, account),
          file(),
        ])
        const entry = proof.state === 'whole' ? singleEntries(log.place, ordered)[index - 1] : undefined
        if (entry === undefined) throw new IncompleteLogError('log/incomplete')
        return disputeSingleCalls(network, { entry, statement })
      })
      return hash !== undefined
    },
    [network, account, hospital, index, run],
  )
  return { transaction, start }
}
