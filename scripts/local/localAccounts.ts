import { type AccountAddress, account, type Felt, felt } from '@medsync/protocol'
import * as z from 'zod'
import { devnetRpc } from '../devnet/devnetRpc.ts'

/** An organisation of the local network. */
export interface LocalOrganisation {
  slug: string
  name: string
  role: 'hospital' | 'research'
}

/** Who plays whom on the local network. */
export interface LocalAccount {
  /** Place among the predeployed accounts. */
  index: number
  /** For people. */
  label: string
  plays: 'governance' | 'gateway' | 'staff' | 'researcher' | 'patient'
  /** Slug of the organisation that it acts for. */
  organisation?: string
}

/** A local account with what the node says of it. */
export type LocalAccountWithKey = LocalAccount & { address: AccountAddress; privateKey: Felt }

/** The organisations that the local network starts with. */
export const localOrganisations: readonly LocalOrganisation[] = [
  { slug: 'mercy', name: 'Mercy General Hospital', role: 'hospital' },
  { slug: 'stclare', name: 'St. Clare Hospital', role: 'hospital' },
  { slug: 'lakeside', name: 'Lakeside Clinic', role: 'hospital' },
  { slug: 'northgate', name: 'Northgate Research', role: 'research' },
  { slug: 'harbour', name: 'Harbour Institute', role: 'research' },
]

/** The accounts that the local network starts with. */
export const localAccounts: readonly LocalAccount[] = [
  { index: 0, label: 'Governance', plays: 'governance' },
  { index: 1, label: 'Gateway of Mercy General', plays: 'gateway', organisation: 'mercy' },
  { index: 2, label: 'Gateway of St. Clare', plays: 'gateway', organisation: 'stclare' },
  { index: 3, label: 'Gateway of Lakeside', plays: 'gateway', organisation: 'lakeside' },
  { index: 4, label: 'Mercy General, records office', plays: 'staff', organisation: 'mercy' },
  { index: 5, label: 'St. Clare, records office', plays: 'staff', organisation: 'stclare' },
  { index: 6, label: 'Lakeside, records office', plays: 'staff', organisation: 'lakeside' },
  { index: 7, label: 'Northgate, researcher', plays: 'researcher', organisation: 'northgate' },
  { index: 8, label: 'Harbour, researcher', plays: 'researcher', organisation: 'harbour' },
  { index: 9, label: 'Patient 1', plays: 'patient' },
  { index: 10, label: 'Patient 2', plays: 'patient' },
  { index: 11, label: 'Patient 3', plays: 'patient' },
  { index: 12, label: 'Patient 4', plays: 'patient' },
  { index: 13, label: 'Patient 5', plays: 'patient' },
  { index: 14, label: 'Patient 6', plays: 'patient' },
  { index: 15, label: 'Gateway of Northgate', plays: 'gateway', organisation: 'northgate' },
]

const predeployedSchema = z.array(z.object({ address: z.string(), private_key: z.string() }))

/**
 * The local accounts with their addresses and keys, asked from the node, which makes them from its seed: no key stands in the code.
 * @param more - Accounts of hospitals that were added.
 */
export async function readLocalAccounts(rpcUrl: string, more: readonly LocalAccount[] = []): Promise<LocalAccountWithKey[]> {
  const predeployed = predeployedSchema.parse(await devnetRpc(rpcUrl, 'devnet_getPredeployedAccounts'))
  return [...localAccounts, ...more].map((local) => {
    const found = predeployed[local.index]
    if (found === undefined) throw new RangeError(`the node has ${predeployed.length} accounts, account ${local.index} is needed`)
    return { ...local, address: account(found.address), privateKey: felt(found.private_key) }
  })
}

/** The portal that an account opens; governance and gateways have none. */
export function portalOf({ plays }: LocalAccount): 'patient' | 'hospital' | 'research' | undefined {
  return plays === 'patient' ? 'patient' : plays === 'staff' ? 'hospital' : plays === 'researcher' ? 'research' : undefined
}
