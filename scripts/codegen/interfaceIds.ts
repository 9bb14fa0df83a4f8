import { accessLogAbi, consentRegistryAbi, participantsAbi, rewardPoolAbi } from '../../packages/chain/src/generated/index.ts'
import { interfaceId } from '../cairo/interfaceId.ts'
import type { GeneratedFile } from './generatedFile.ts'

const INTERFACES = [
  ['ACCESS_LOG', [...accessLogAbi], 'IAccessLog'],
  ['CONSENT_REGISTRY', [...consentRegistryAbi], 'IConsentRegistry'],
  ['PARTICIPANTS', [...participantsAbi], 'IParticipants'],
  ['REWARD_POOL', [...rewardPoolAbi], 'IRewardPool'],
  ['SRC5', [...accessLogAbi], 'ISrc5'],
  ['UPGRADEABLE', [...accessLogAbi], 'IUpgradeable'],
] as const

/** Writes the SNIP-5 ids of our interfaces for the contracts, from their ABIs: build, generate, build again when an interface changes. */
export function generate(): GeneratedFile[] {
  const ids = INTERFACES.map(([constant, abi, name]) => {
    return `/// \`${name}\`.\npub const ${constant}: felt252 = 0x${interfaceId(abi, name).toString(16)};\n`
  })
  const text = `//! Generated from the ABIs by \`npm run codegen\`; do not edit.\n//! SNIP-5 ids of the interfaces: the XOR of their extended selectors.\n\n${ids.join('\n')}`
  return [{ path: 'contracts/cairo/interface_ids.cairo', text }]
}
