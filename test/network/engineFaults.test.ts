// What the engine over Calimero nodes does when nodes, passwords, invitations or connections are not as they should be.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addToCircle, claimNode, inviteToCircle, joinCircle, leaveCircle, openCalimeroEngine } from '@medsync/context/calimero'
import { type ContextEvent, EventsMissedError } from '@medsync/context/engine'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { APP_BUNDLE } from '../../scripts/nodes/startNetwork.ts'
import { type Seat, startNodes } from '../../scripts/nodes/startNodes.ts'
import { failureOf } from '../context/engineStage.ts'
import { describeNetwork, HOSPITALS, nodeBinary, PATIENTLY } from './networkStage.ts'
import { type BareCircle, openBareCircle } from './suiteCircle.ts'
import { untilEqual } from './untilEqual.ts'

const KEY = Buffer.alloc(32, 9).toString('base64')
const PATIENT = '0x7a11'

describeNetwork('the engine over Calimero nodes', () => {
  let circle: BareCircle
  beforeAll(async () => {
    circle = await openBareCircle()
    for (const name of ['lakeside', 'stclare'] as const) {
      const member = { executor: executorOf(name), organisation: HOSPITALS[name], kind: 'hospital', encryption_key_base64: KEY }
      await circle.engine.call('mercy', 'admit_member', member)
      const whoami = () => circle.engine.call(name, 'whoami', {})
      await vi.waitFor(async () => expect(await whoami()).toMatchObject({ is_member: true }), PATIENTLY)
    }
  })
  afterAll(() => circle?.close())

  function executorOf(name: string): string {
    return circle.engine.members.find((member) => member.name === name)?.executor ?? ''
  }

  function list(name: string, record: string = randomUUID()): Promise<unknown> {
    return circle.engine.call(name, 'put_catalogue_entry', { record, patient: PATIENT })
  }

  async function recordsAt(name: string): Promise<string> {
    return JSON.stringify(await circle.engine.call(name, 'catalogue_of', { patient: PATIENT, limit: 200 }))
  }

  function engineOf(seat: Seat, changes: { password?: string; executor?: string } = {}) {
    const { password = seat.node.access.password, executor } = changes
    const access = { ...seat.node.access, password }
    return openCalimeroEngine({ contextId: circle.ids.contextId, nodes: [{ member: seat.name, access, executor }] })
  }

  test('what three nodes tell is heard once, whoever wrote it', async () => {
    const told: ContextEvent[] = []
    const stop = new AbortController()
    const reading = (async () => {
      for await (const event of circle.engine.events({ signal: stop.signal })) if (event.kind === 'RecordListed') told.push(event)
    })()
    const records = Array.from({ length: 12 }, () => randomUUID())
    const writers = ['mercy', 'lakeside', 'stclare']
    await Promise.all(records.map((record, index) => list(writers[index % 3] ?? '', record)))
    const known = async () => await Promise.all(writers.map(recordsAt))
    await expect.poll(async () => (await known()).every((all) => records.every((record) => all.includes(record))), PATIENTLY).toBe(true)
    await list('mercy', 'the-last-one')
    await expect.poll(() => JSON.stringify(told), PATIENTLY).toContain('the-last-one')
    await untilEqual(circle.engine, writers)
    stop.abort()
    await reading
    expect(told.map(({ data }) => Object(data).record).toSorted()).toEqual([...records, 'the-last-one'].toSorted())
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  })

  test('error: a forged token opens nothing', async () => {
    const { url } = circle.seatOf('mercy').node.access
    const forge = (claims: object): string =>
      [{ alg: 'none', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const tokens = ['x', `${forge({ sub: 'medsync', permissions: ['admin'], exp: 9_999_999_999 })}.`, `${forge({})}.AAAA`]
    for (const token of tokens) {
      for (const path of ['/admin-api/contexts', '/jsonrpc', '/ws']) {
        const { status } = await fetch(`${url}${path}`, {
          method: path === '/jsonrpc' ? 'POST' : 'GET',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: path === '/jsonrpc' ? '{}' : null,
        })
        expect(status, path).toBe(401)
      }
    }
  })

  test('error: a password that does not own the node', async () => {
    const seat = circle.seatOf('lakeside')
    expect(await failureOf(engineOf(seat, { password: 'marked'.repeat(6) }))).toMatch(/^NodeRefusedError: (?!.*marked)/)
    const claim = claimNode({ ...seat.node.access, password: 'marked'.repeat(6) })
    expect(await failureOf(claim)).toMatch(/^NodeRefusedError: (?!.*marked)/)
    await claimNode(seat.node.access)
  })

  test('error: garbled, forged, foreign and expired invitations let nobody in, nor does another bundle', async () => {
    const [guest] = await startGuest()
    const invitation = await inviteToCircle(circle.seatOf('mercy').node.access, circle.ids, { expiresInS: 3 })
    const { token } = invitation
    const forged = { ...invitation, token: { ...token, invitation: { ...token.invitation, expiration_timestamp: 4_000_000_000 } } }
    const foreign = { ...invitation, ids: { ...circle.ids, namespaceId: '11'.repeat(32) } }
    for (const [one, reason] of [
      [forged, 'its signature is wrong'],
      [foreign, 'its parts are of different circles'],
    ] as const)
      expect(await failureOf(joinCircle(guest.node.access, one, { bundlePath: APP_BUNDLE }))).toContain(reason)
    expect(await failureOf(joinCircle(guest.node.access, invitation, { bundlePath: APP_BUNDLE.replace('.mpk', '.wasm') }))).toContain(
      'BundleError',
    )
    await expect.poll(() => Date.now() / 1_000, PATIENTLY).toBeGreaterThan(token.invitation.expiration_timestamp)
    expect(await failureOf(joinCircle(guest.node.access, invitation, { bundlePath: APP_BUNDLE }))).toContain('it has expired')
    expect(await failureOf(engineOf(guest))).toContain(
      'NodeNotReadyError: The Calimero node is not ready for this circle. (it has not joined)',
    )
    const engine = await engineOf(guest, { executor: '5'.repeat(64) })
    onTestFinished(() => engine.close())
    expect(await failureOf(engine.call('guest', 'whoami', {}))).toContain('(it has not joined)')
    expect(await failureOf(engine.initialise('guest', {}))).toContain('NodeNotReadyError')
    expect(await engine.status()).toMatchObject([{ isReachable: true, isInitialised: false, isAnswering: false, stateHash: undefined }])
  })

  async function startGuest(): Promise<[Seat]> {
    const folder = await mkdtemp(join(tmpdir(), 'medsync-guest-'))
    const [guest] = await startNodes({ binary: nodeBinary, folder, names: ['guest'] })
    if (guest === undefined) throw new TypeError('A node was started.')
    onTestFinished(async () => {
      await guest.node.stop()
      await rm(folder, { recursive: true, force: true })
    })
    return [guest]
  }

  test('a node that is away fails its own calls at once and nobody else’s; when it is back it goes on, and readers read again', async () => {
    const seat = circle.seatOf('stclare')
    const executor = executorOf('stclare')
    const reader = circle.engine.events()[Symbol.asyncIterator]()
    await seat.node.kill()
    const startedMs = performance.now()
    expect(await failureOf(list('stclare'))).toContain('NodeAwayError: The Calimero node does not answer. (unreachable)')
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect(await failureOf(engineOf(seat))).toContain('NodeAwayError')
    const early = await engineOf(seat, { executor })
    onTestFinished(() => early.close())
    const missed = randomUUID()
    await list('mercy', missed)
    expect((await reader.next()).value).toMatchObject({ kind: 'RecordListed', data: { record: missed } })
    expect(await circle.engine.status()).toMatchObject([
      { member: 'mercy', isReachable: true, isAnswering: true },
      { member: 'lakeside', isReachable: true },
      { member: 'stclare', isReachable: false, isInitialised: false, isAnswering: false, peers: 0 },
    ])

    await seat.restart()
    await expect(reader.next()).rejects.toThrow(EventsMissedError)
    await expect.poll(() => recordsAt('stclare'), PATIENTLY).toContain(missed)
    expect(await early.call('stclare', 'whoami', {})).toMatchObject({ executor })
    const again = circle.engine.events()[Symbol.asyncIterator]()
    await list('stclare', 'after-its-return')
    expect((await again.next()).value).toMatchObject({ kind: 'RecordListed', data: { record: 'after-its-return', executor } })
  })

  test('calls in whose middle the node is killed are answered or told as lost; sent again, none is done twice', async () => {
    const seat = circle.seatOf('stclare')
    const records = Array.from({ length: 20 }, () => randomUUID())
    const calls = records.map((record) => list('stclare', record))
    const outcomes = Promise.allSettled(calls)
    await Promise.any(calls)
    await seat.node.kill()
    const lost = (await outcomes).filter((outcome) => outcome.status === 'rejected')
    expect(lost.length).toBeGreaterThan(0)
    for (const { reason } of lost) expect(reason).toMatchObject({ name: 'NodeAwayError' })
    await seat.restart()
    for (const record of records) expect(await list('stclare', record)).toBeTypeOf('boolean')
    for (const record of records) expect(await list('stclare', record)).toBe(false)
    await restartStuck()
    const timesAt = (all: string, record: string): number => all.split(record).length - 1
    await expect
      .poll(async () => {
        const all = await recordsAt('lakeside')
        return records.map((record) => timesAt(all, record)).filter((times) => times !== 1)
      }, PATIENTLY)
      .toEqual([])
  }, 120_000)

  /** As whoever runs nodes must: see "Known of rc.4" in packages/context/README.md. */
  async function restartStuck(): Promise<void> {
    for (const { member, isReachable, isAnswering } of await circle.engine.status()) {
      if (!isReachable || isAnswering) continue
      console.warn(`${member}: rc.4 got stuck after another node was killed, and was started anew.`)
      await circle.seatOf(member).node.kill()
      await circle.seatOf(member).restart()
    }
  }

  test('error: a node that left says so, and comes back when the keeper lets it in, not by an invitation alone', async () => {
    const { access } = circle.seatOf('lakeside').node
    const keeper = circle.seatOf('mercy').node.access
    const invitation = await inviteToCircle(keeper, circle.ids, { expiresInS: 600 })
    await leaveCircle(access, circle.ids)
    expect(await failureOf(circle.engine.call('lakeside', 'whoami', {}))).toContain('(it has not joined)')
    expect(await failureOf(leaveCircle(access, circle.ids))).toContain('NodeFailedError')

    const alone = joinCircle(access, invitation, { bundlePath: APP_BUNDLE, timeoutMs: 3_000 })
    expect(await failureOf(alone)).toContain('(waiting to be let in by the keeper took too long)')
    expect(await failureOf(circle.engine.call('lakeside', 'whoami', {}))).toContain('(it has not joined)')

    const onExecutor = (executor: string) => addToCircle(keeper, circle.ids, executor)
    const { executor } = await joinCircle(access, invitation, { bundlePath: APP_BUNDLE, onExecutor })
    expect(await circle.engine.call('lakeside', 'whoami', {})).toMatchObject({ executor })
    expect((await joinCircle(access, invitation, { bundlePath: APP_BUNDLE })).executor).toBe(executor)
  })
})
