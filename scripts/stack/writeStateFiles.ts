import { rename, writeFile } from 'node:fs/promises'
import type { Deployment } from '@medsync/chain'
import { slugToOrganisationId } from '@medsync/protocol'
import { type LocalAccountWithKey, type LocalOrganisation, portalOf } from '../local/localAccounts.ts'
import type { StateFiles } from './stateFiles.ts'

/** Who is where on the local network. */
export interface LocalNetwork {
  deployment: Deployment
  accounts: readonly LocalAccountWithKey[]
  organisations: readonly LocalOrganisation[]
}

/** Writes what the gateway starts from: where the contracts are, whom it serves, which accounts may be tried. Each file is whole or not there. */
export async function writeStateFiles(files: StateFiles, { deployment, accounts, organisations }: LocalNetwork): Promise<void> {
  await writeJson(files.tenants, tenantsOf(accounts, organisations))
  await writeJson(files.developmentAccounts, developmentAccountsOf(accounts))
  await writeJson(files.deployment, deployment)
}

/** Writes a JSON file that only its owner may read, in one step. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const part = `${path}.part`
  await writeFile(part, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  await rename(part, path)
}

function tenantsOf(accounts: readonly LocalAccountWithKey[], organisations: readonly LocalOrganisation[]): object[] {
  return organisations.map(({ slug, name, role }) => {
    const gateway = accounts.find(({ plays, organisation }) => plays === 'gateway' && organisation === slug)
    const operator = gateway === undefined ? {} : { operator: { address: gateway.address, privateKey: gateway.privateKey } }
    return { organisation: slugToOrganisationId(slug), slug, role, name, ...operator }
  })
}

function developmentAccountsOf(accounts: readonly LocalAccountWithKey[]): object[] {
  return accounts.flatMap((account) => {
    const portal = portalOf(account)
    return portal === undefined ? [] : [{ address: account.address, label: account.label, portal }]
  })
}
