import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { deploymentSchema, readEncryptionKey, readOrganisationOf } from '@medsync/chain'
import { callApp } from '@medsync/context/app'
import {
  addToCircle,
  foundCircle,
  invitationSchema,
  inviteToCircle,
  joinCircle,
  type NodeAccess,
  openCalimeroEngine,
  removeFromCircle,
} from '@medsync/context/calimero'
import { type CircleFile, circleFileSchema } from '@medsync/gateway'
import { account, slugToOrganisationId } from '@medsync/protocol'
import type * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { readNodeHome } from '../nodes/nodeHome.ts'
import { parseJson } from '../parseJson.ts'
import { inProject } from '../paths.ts'
import { step } from '../progress.ts'
import { writeJson } from '../stack/writeStateFiles.ts'
import type { CircleCommand } from './circleArguments.ts'
import { circleFileOf } from './circleFileOf.ts'

type Command<Name extends CircleCommand['command']> = Extract<CircleCommand, { command: Name }>

/** Somebody has to read a message and type a command. */
const LET_IN_WITHIN_MS = 86_400_000
const BUNDLE = inProject('calimero-app', 'res', 'medsync.mpk')

/** Does one thing with a hospital's circle, through its own node; says what to do next. */
export async function runCircle(command: CircleCommand): Promise<void> {
  switch (command.command) {
    case 'found':
      return await found(command)
    case 'invite':
      return await invite(command)
    case 'join':
      return await joinIn(command)
    case 'add':
      return await add(command)
    case 'admit':
      return await admit(command)
    case 'remove':
      return await remove(command)
    case 'members':
      return await list(command)
  }
}

async function found({ node, as, kind, file }: Command<'found'>): Promise<void> {
  const access = accessOf(node)
  const initialise = { admin_organisation: slugToOrganisationId(as), kind }
  const ids = await step('founding a circle', '2 s', () => foundCircle(access, { bundlePath: BUNDLE, initialise, name: 'medsync' }))
  await writeJson(resolve(file), await circleFileOf(ids, [{ member: as, access }]))
  console.log(`\n${as} keeps a circle of its own. Next: start the gateway with CONTEXT_ENGINE=calimero and CONTEXT_FILE=${file}.`)
}

async function invite({ file, out, hours }: Command<'invite'>): Promise<void> {
  const { ids, keeper } = await open(file)
  const invitation = await step('inviting', '1 s', () => inviteToCircle(keeper.access, ids, { expiresInS: Math.round(hours * 3_600) }))
  await writeJson(resolve(out), invitation)
  console.log(`\n${out} lets whoever holds it in for ${hours} h: send it over a private channel. This node must run while they join.`)
}

async function joinIn({ node, as, invitation, file }: Command<'join'>): Promise<void> {
  const access = accessOf(node)
  const guest = await read(invitation, invitationSchema)
  const { ids, executor } = await step('joining', '5 to 20 s once the keeper has let the node in', (told) =>
    joinCircle(access, guest, {
      bundlePath: BUNDLE,
      told: (words) => told.update(words),
      onExecutor: (key) =>
        console.log(
          `\nAsk the keeper of the circle for:\n  npm run circle -- add --file context.json --executor ${key}\nThis goes on then.`,
        ),
      timeoutMs: LET_IN_WITHIN_MS,
    }),
  )
  await writeJson(resolve(file), { ids, nodes: [{ member: as, access, executor }] } satisfies CircleFile)
  console.log(`
${as} has joined and may read. Next:
  1. Start the gateway with CONTEXT_ENGINE=calimero and CONTEXT_FILE=${file}; it puts its key on chain by itself.
  2. Ask the keeper of the circle for:
     npm run circle -- admit --file context.json --deployment deployment.json --organisation ${as} --kind hospital \\
       --executor ${executor} --operator ADDRESS-OF-YOUR-GATEWAY`)
}

async function add({ file, executor }: Command<'add'>): Promise<void> {
  const { ids, keeper } = await open(file)
  await addToCircle(keeper.access, ids, executor)
  console.log('\nThat node is let in: it gets the shared state, and may read. It may write once it is admitted.')
}

/** The key that terms for a hospital will be sealed to is the one that its own operator put on chain: nobody can name another. */
async function admit({ file, executor, organisation, kind, operator, deployment }: Command<'admit'>): Promise<void> {
  const { ids, keeper } = await open(file)
  const chain = await read(deployment, deploymentSchema)
  const [address, id] = [account(operator), slugToOrganisationId(organisation)]
  if ((await readOrganisationOf(chain, address)) !== id)
    throw new ChoreError(
      'circle/operator',
      `${operator} acts for another organisation on chain, or for none.`,
      'Ask the hospital for its gateway’s account.',
    )
  const key = await readEncryptionKey(chain, address)
  if (key === undefined)
    throw new ChoreError(
      'circle/no-key',
      `${operator} has no key on chain yet.`,
      'Its gateway puts it there when it starts; try again then.',
    )
  await call(ids.contextId, keeper, async (engine) => {
    const encryption_key_base64 = Buffer.from(key).toString('base64')
    await callApp(engine, keeper.member, 'admit_member', { executor, organisation: id, kind, encryption_key_base64 })
  })
  console.log(`\n${organisation} may write from now on.`)
}

async function remove({ file, executor }: Command<'remove'>): Promise<void> {
  const { ids, keeper } = await open(file)
  await call(ids.contextId, keeper, (engine) => callApp(engine, keeper.member, 'remove_member', { executor }))
  await removeFromCircle(keeper.access, ids, executor)
  console.log('\nThat node writes nothing more that counts, and gets nothing new. What it has it keeps.')
}

async function list({ file }: Command<'members'>): Promise<void> {
  const { ids, keeper } = await open(file)
  const members = await call(ids.contextId, keeper, (engine) => callApp(engine, keeper.member, 'members', {}))
  for (const { executor, organisation, kind, is_active, is_keeper } of members) {
    console.log(`${executor}  ${organisation}  ${kind}${is_keeper ? ', keeper' : ''}${is_active ? '' : ', removed'}`)
  }
}

async function call<T>(
  contextId: string,
  node: CircleFile['nodes'][number],
  work: (engine: Awaited<ReturnType<typeof openCalimeroEngine>>) => Promise<T>,
): Promise<T> {
  const engine = await openCalimeroEngine({ contextId, nodes: [node] })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

async function open(file: string) {
  const { ids, nodes } = await read(file, circleFileSchema)
  const [keeper] = nodes
  if (keeper === undefined) throw new RangeError('the schema asks for one')
  return { ids, keeper }
}

function accessOf(home: string): NodeAccess {
  const node = readNodeHome(resolve(home))
  if (node === undefined) throw new ChoreError('circle/no-node', `${home} holds no node.`, `Start one there first: npm run node -- ${home}`)
  return { url: `http://127.0.0.1:${node.serverPort}`, username: node.username, password: node.password }
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(resolve(path), 'utf8').catch((cause) => {
    throw new ChoreError('circle/file', `${path} cannot be read.`, 'Look at the path.', { cause })
  })
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new ChoreError(
    'circle/file',
    `${path} is not what it should be: ${parsed.error.issues[0]?.path.join('.')}.`,
    'Take the file as it was made.',
  )
}
