// npm start: everything up on this machine, with the state of the last time. Ctrl-C ends it all.
import { portalOf } from './local/localAccounts.ts'
import { stopAllChildren } from './processes/startChild.ts'
import { type Progress, step } from './progress.ts'
import { runChore } from './runChore.ts'
import { contextFlag } from './stack/contextFlag.ts'
import { seedCases } from './stack/seedCases.ts'
import { loadEnvFiles, readSettings } from './stack/settings.ts'
import { type Stack, startStack } from './stack/startStack.ts'
import { untilStopped } from './stack/untilStopped.ts'

const CONTEXTS = {
  embedded: 'embedded in the gateway (`npm start -- --context calimero` for real nodes)',
  calimero: 'a Calimero node for each hospital (`npm start -- --context embedded` goes back)',
} as const

await runChore(
  async () => {
    loadEnvFiles()
    const settings = { ...readSettings(), ...contextFlag(process.argv.slice(2)) }
    const stopped = untilStopped()
    console.log('MedSync on this machine:')
    const stack = await Promise.race([startStack(settings), stopped])
    if (typeof stack === 'string') {
      await stopAllChildren()
      return process.exit(130)
    }
    await step('made-up people and cases', '5 s, once', (told) => seed(stack, told))
    console.log(welcome(stack, settings.folder))
    try {
      await Promise.race([stopped, stack.failed])
      console.log('')
    } finally {
      await step('stopping', '1 s', () => stack.stop())
    }
    console.log('Stopped. Everything is kept; `npm start` goes on from here.')
    return process.exit(0)
  },
  { handlesSignals: true },
)

/** Something to look at is no reason to fail. */
async function seed(stack: Stack, told: Progress): Promise<void> {
  try {
    await seedCases(stack)
  } catch (failure) {
    told.note(`None this time: ${failure instanceof Error ? failure.message : String(failure)}`)
  }
}

function welcome({ origin, deployment, accounts, context }: Stack, folder: string): string {
  const who = (portal: string): string =>
    accounts
      .filter((account) => portalOf(account) === portal)
      .map(({ label }) => label)
      .join(' · ')
  return `
MedSync is ready: ${origin}

  Patients     ${origin}/patient    ${who('patient')}
  Hospitals    ${origin}/hospital   ${who('hospital')}
  Research     ${origin}/research   ${who('research')}

  Choose an account in a portal and sign in; keys come from the local chain (${deployment.rpcUrl}), nothing has to be installed.
  The hospitals' private context: ${CONTEXTS[context]}.
  Try first:
    1. Hospital (Mercy General): upload a record, make an enrolment code.
    2. Patient 1: link the record with the code, grant Northgate a consent.
    3. Research (Northgate): publish a key, open and fund a study, request access, open the data.
    4. Patient 1: see the access, collect the reward, revoke. The next request is refused.
    5. Hospital: look at the waiting cases (made-up people), add a measurement, confirm or override a score.

  State and logs: ${folder}. Ctrl-C stops; \`npm run reset\` starts over.
`
}
