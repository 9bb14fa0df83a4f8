// npm run node -- HOME: one hospital's Calimero node, in the foreground, until Ctrl-C or SIGTERM. The folder is made when it is not there.
import { join } from 'node:path'
import { ChoreError } from './choreError.ts'
import { nodeFlags } from './nodes/nodeFlags.ts'
import { type RunningNode, startNode } from './nodes/startNode.ts'
import { StuckWatch } from './nodes/stuckWatch.ts'
import { stopAllChildren } from './processes/startChild.ts'
import { step } from './progress.ts'
import { runChore } from './runChore.ts'
import { loadEnvFiles } from './stack/settings.ts'
import { untilStopped } from './stack/untilStopped.ts'
import { ensureNode } from './toolchain/ensureNode.ts'

await runChore(
  async () => {
    loadEnvFiles()
    const { home, ...flags } = nodeFlags(process.argv.slice(2))
    const stopped = untilStopped()
    const binary = await step('calimero-node', 'at once; about 30 min when it has to be built, once', ensureNode)
    const start = (): Promise<RunningNode> =>
      step('node', 'under a second', (told) => startNode({ binary, home, logPath: join(home, 'node.log'), told, ...flags }))
    const first = await Promise.race([start(), stopped])
    if (typeof first === 'string') {
      await stopAllChildren()
      return process.exit(130)
    }
    console.log(welcome(home, first))
    const watch = new StuckWatch()
    let node = first
    for (;;) {
      const end = await Promise.race([stopped, node.child.ended, watch.untilStuck(node)])
      if (typeof end === 'number')
        throw new ChoreError('node/ended', `The node ended by itself (${end}).`, `See ${join(home, 'node.log')}, then start it again.`)
      if (end !== 'stuck') break
      console.log('The node answers no calls any more, a known fault of rc.4; it is started anew. Nothing confirmed is lost.')
      await node.kill()
      node = await start()
    }
    await step('stopping', '1 s', () => node.stop())
    console.log('Stopped. Everything is kept; the same command goes on from here.')
    return process.exit(0)
  },
  { handlesSignals: true },
)

/** What to do next; names files, shows no secret. */
function welcome(home: string, { access, peerAddress }: RunningNode): string {
  return `
The node runs: ${access.url}

  For the other hospitals: --peer ${peerAddress}
  For this hospital's gateway, in its CONTEXT_FILE: url, username and password of ${join(home, 'node.json')}
  Log: ${join(home, 'node.log')}

  Keep a copy of node.json in a safe place: without its store key nobody can read what the node stores. Ctrl-C stops.
`
}
