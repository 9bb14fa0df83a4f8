export { type ChainHealth, composeGateway, type Gateway, type Replacements } from './composition.ts'
export { type CircleFile, circleFileSchema } from './context/circleFile.ts'
export { type GatewayEnv, readEnv } from './env.ts'
export { buildServer } from './server.ts'
