// npm run check: types, lint, layout, rooms, generated files, class hashes. Needs no node and takes less than two minutes.
import { runChecks } from './check/runChecks.ts'
import { runChore } from './runChore.ts'

await runChore(async () => {
  const { passed, failed } = await runChecks(console.log)
  console.log(
    failed === 0
      ? `All ${passed} checks passed.`
      : `${failed} of ${passed + failed} checks failed. Mend them, then run \`npm run check\` again.`,
  )
  return failed === 0 ? 0 : 1
})
