import { type AccountAddress, slugToOrganisationId } from '@medsync/protocol'
import { type Account, type Call, shortString } from 'starknet'
import { type LocalAccountWithKey, type LocalOrganisation, localOrganisations } from '../local/localAccounts.ts'
import { execute } from './execute.ts'

const ROLES = { hospital: '0x1', research: '0x2' } as const

/** Admits the organisations of the local network with their operators, those that are missing, in one transaction. */
export async function admitLocal(
  owner: Account,
  participants: AccountAddress,
  accounts: readonly LocalAccountWithKey[],
  organisations: readonly LocalOrganisation[] = localOrganisations,
): Promise<void> {
  const calls: Call[] = []
  for (const { slug, name, role } of organisations) {
    const id = slugToOrganisationId(slug)
    const members = accounts.filter(({ organisation }) => organisation === slug)
    const [first] = members
    if (first === undefined) continue
    const payout = members.find(({ plays }) => plays !== 'gateway') ?? first
    const isAdmitted = BigInt((await read('organisation', id))[0] ?? 0) !== 0n
    if (!isAdmitted) {
      calls.push(callOf('admit', [id, ROLES[role], shortString.encodeShortString(name), payout.address, first.address]))
    }
    for (const member of isAdmitted ? members : members.slice(1)) {
      if (BigInt((await read('organisation_of', member.address))[0] ?? 0) === 0n) calls.push(callOf('add_operator', [id, member.address]))
    }
  }
  await execute(owner, calls)

  function callOf(entrypoint: string, calldata: string[]): Call {
    return { contractAddress: participants, entrypoint, calldata }
  }

  async function read(entrypoint: string, argument: string): Promise<string[]> {
    return await owner.provider.callContract({ contractAddress: participants, entrypoint, calldata: [argument] })
  }
}
