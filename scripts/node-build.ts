// npm run node:build: builds MedSync's Calimero node from published crates, whether one is here or not.
import { cacheFolder } from './paths.ts'
import { step } from './progress.ts'
import { runChore } from './runChore.ts'
import { buildNode } from './toolchain/buildNode.ts'
import { cachedNode } from './toolchain/ensureNode.ts'

await runChore(async () => {
  const folder = cacheFolder('toolchain')
  const path = await step('calimero-node', '30 min on two cores; 1 min when only our part changed', (told) =>
    buildNode(folder, cachedNode(folder), told),
  )
  console.log(`\nBuilt: ${path}\nNext: \`npm run test:network\`, or \`npm run node -- HOME\` for a hospital's own node.`)
})
