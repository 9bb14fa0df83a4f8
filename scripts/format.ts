// npm run format: brings every file into the one layout, and mends what the linter can mend safely.
import { runChore } from './runChore.ts'
import { runCommand } from './runCommand.ts'

await runChore(async () => {
  const { code } = await runCommand('biome', ['check', '--write', ...process.argv.slice(2)], { onLine: (line) => console.log(line) })
  return code
})
