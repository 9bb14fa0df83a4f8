// npm run doctor: what is found, what is needed, and how to get the rest.
import { needs } from './doctor/needs.ts'
import { runChore } from './runChore.ts'
import { loadEnvFiles } from './stack/settings.ts'

await runChore(async () => {
  loadEnvFiles()
  let missing = 0
  for (const need of needs) {
    const found = await need.find()
    if (found === undefined && need.isNeeded) missing++
    const mark = found !== undefined ? '✓' : need.isNeeded ? '✗' : '–'
    console.log(`${mark} ${need.name.padEnd(27)} ${found ?? `not found (for ${need.for}): ${need.install}`}`)
  }
  console.log(
    missing === 0
      ? '\nAll that is needed is here. Next: `npm start`.'
      : `\n${missing} needed and not here; what installs itself will come with \`npm start\`.`,
  )
  return 0
})
