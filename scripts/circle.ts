// npm run circle -- COMMAND: found a circle of hospitals, invite to it, join it, admit a member, remove one, list them; through one's own node.
import { circleArguments } from './circle/circleArguments.ts'
import { runCircle } from './circle/runCircle.ts'
import { runChore } from './runChore.ts'
import { loadEnvFiles } from './stack/settings.ts'

await runChore(async () => {
  loadEnvFiles()
  await runCircle(circleArguments(process.argv.slice(2)))
})
