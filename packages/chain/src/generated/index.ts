// Made from contracts/cairo by `npm run contracts:build`; not to be edited.
export { accessLogAbi } from './accessLogAbi.ts'
export { consentRegistryAbi } from './consentRegistryAbi.ts'
export { participantsAbi } from './participantsAbi.ts'
export { rewardPoolAbi } from './rewardPoolAbi.ts'
export { testTokenAbi } from './testTokenAbi.ts'
