// Made from contracts/cairo by `npm run contracts:build`; not to be edited.
export { accessLogAbi } from './accessLogAbi.ts'
export { consentRegistryAbi } from './consentRegistryAbi.ts'
export { oddTokenAbi } from './oddTokenAbi.ts'
export { participantsAbi } from './participantsAbi.ts'
export { puppetAbi } from './puppetAbi.ts'
export { rewardPoolAbi } from './rewardPoolAbi.ts'
export { testTokenAbi } from './testTokenAbi.ts'
