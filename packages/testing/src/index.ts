export { declareMissing } from '../../../scripts/deploy/declareMissing.ts'
export type { LocalDeployment } from '../../../scripts/deploy/deployLocal.ts'
export { transactionDetails } from '../../../scripts/deploy/transactionDetails.ts'
export { devnetRpc } from '../../../scripts/devnet/devnetRpc.ts'
export type { Devnet } from '../../../scripts/devnet/startDevnet.ts'
export {
  type LocalAccount,
  type LocalAccountWithKey,
  type LocalOrganisation,
  localAccounts,
  localOrganisations,
  portalOf,
  readLocalAccounts,
} from '../../../scripts/local/localAccounts.ts'
export { deployMedsync } from './deployMedsync.ts'
export { localAccount } from './localAccount.ts'
export { startDevnet, type TestDevnetOptions } from './startDevnet.ts'
