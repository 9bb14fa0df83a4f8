/** Everything that talks to Starknet, fetched on first need: the pages that only read the gateway start without it. */
export const loadChain = () => import('@medsync/chain')
