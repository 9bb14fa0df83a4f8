import { waitForTransaction } from '@medsync/chain'
import { type AccountAddress, errorAnswerSchema, type Felt, felt, MAX_SIGNATURE_FELTS, sessionSchema } from '@medsync/protocol'
import { declareMissing, localAccount } from '@medsync/testing'
import { CallData, defaultDeployer, hash } from 'starknet'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { REFUSED_SIGNATURES, SIGNATURE_SHAPES } from '../../packages/protocol/src/signatures.fixture.ts'
import { challenge, LABELS, post, type RecordsStage, raiseRecords, sign } from './records-stage.ts'

/** As in `Puppet`. */
const MANNER = {
  honest: 0,
  alwaysValid: 1,
  neverValid: 2,
  fails: 3,
  answersOne: 4,
  answersTwice: 5,
  answersNothing: 6,
  answersAtLength: 7,
} as const

let stage: RecordsStage
let puppet: AccountAddress

beforeAll(async () => {
  stage = await raiseRecords({ salt: '0x7369676e' })
  const owner = localAccount(inject('devnetRpcUrl'), stage.accounts, 'Governance')
  const classes = await declareMissing(owner, ['Puppet'])
  const payload = { classHash: classes.Puppet, salt: '0x7369676e', unique: false, constructorCalldata: [] }
  const { addresses, calls } = defaultDeployer.buildDeployerCall(payload, owner.address)
  await settled((await owner.execute(calls, { tip: 0n })).transaction_hash)
  puppet = felt(addresses[0] ?? 0n)
})
afterAll(() => stage.stop())

async function settled(transaction: string): Promise<void> {
  await waitForTransaction(stage.deployment, felt(transaction))
}

/** Has the account contract answer so from now on. */
async function answering(manner: keyof typeof MANNER): Promise<void> {
  const owner = localAccount(inject('devnetRpcUrl'), stage.accounts, 'Governance')
  const call = { contractAddress: puppet, entrypoint: 'set_manner', calldata: CallData.compile([MANNER[manner]]) }
  await settled((await owner.execute([call], { tip: 0n })).transaction_hash)
}

/** What a sign-in of the account contract with this signature is answered. */
async function signedIn(signature: unknown): Promise<[number, string, string]> {
  const { nonce } = await challenge(stage.origin, puppet)
  const answer = await post(`${stage.origin}/api/auth/session`, { account: puppet, nonce, signature })
  const body: unknown = await answer.json()
  if (answer.ok) return [answer.status, sessionSchema.parse(body).role, '']
  const { code, message } = errorAnswerSchema.parse(body)
  return [answer.status, code, message]
}

const longest = (length: number): string[] => Array.from({ length }, (_, index) => (index === 0 ? '0x0' : `0x${'0'.repeat(62)}f1`))

describe('a signature of any kind of account', () => {
  test('signs in with every shape, up to the longest that the network takes', async () => {
    await answering('alwaysValid')
    for (const { name, signature } of SIGNATURE_SHAPES) expect([name, ...(await signedIn(signature))]).toEqual([name, 200, 'patient', ''])
    expect(await signedIn(longest(MAX_SIGNATURE_FELTS))).toEqual([200, 'patient', ''])
    expect(await signedIn(longest(MAX_SIGNATURE_FELTS).map((part) => BigInt(part).toString().padStart(78, '0')))).toEqual([
      200,
      'patient',
      '',
    ])
  })

  test('reaches the account felt by felt: one that is the message’s hash alone, and nothing longer or shorter', async () => {
    await answering('honest')
    const { typedData, nonce } = await challenge(stage.origin, puppet)
    const { typedData: library } = await import('starknet')
    const signed = library.getMessageHash(typedData, puppet)
    const session = (signature: string[], of: string): Promise<Response> =>
      post(`${stage.origin}/api/auth/session`, { account: puppet, nonce: of, signature })
    expect((await session([BigInt(signed).toString()], nonce)).status).toBe(200)
    const again = await challenge(stage.origin, puppet)
    const zeroAfter = [library.getMessageHash(again.typedData, puppet), '0x0']
    expect((await session(zeroAfter, again.nonce)).status).toBe(401)
  })

  test('error: one that is none, or too long, is refused in words about the signature', async () => {
    await answering('alwaysValid')
    const refused = [401, 'auth/bad-signature', expect.stringMatching(/^The signature .*a signature is 1 to 4000 felts, hex or decimal/)]
    for (const signature of [...REFUSED_SIGNATURES, longest(MAX_SIGNATURE_FELTS + 1), longest(30_000), ['0'.repeat(81)], 'abc', null]) {
      expect(await signedIn(signature)).toEqual(refused)
    }
  })
})

describe('error: an account that does not answer VALID, and nothing else, does not sign in', () => {
  test.each(['neverValid', 'fails', 'answersOne', 'answersTwice', 'answersNothing', 'answersAtLength'] as const)('%s', async (manner) => {
    await answering(manner)
    expect(await signedIn(['0x1', '0x2'])).toEqual([401, 'auth/bad-signature', 'The signature does not belong to this account.'])
  })

  test('while an account beside it does', async () => {
    const { address } = stage.account(LABELS.patient)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(inject('devnetRpcUrl'), stage.accounts, LABELS.patient, typedData)
    expect((await post(`${stage.origin}/api/auth/session`, { account: address, nonce, signature })).status).toBe(200)
  })
})

test('error: a node that fails is no refusal by the account', async () => {
  const { createServer } = await import('node:http')
  const { verifySignature } = await import('../../services/gateway/src/auth/verifySignature.ts')
  const said = { code: -32_603, message: 'Internal error' }
  const node = createServer((_, response) => void response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, error: said })))
  const { promise, resolve } = Promise.withResolvers<void>()
  node.listen(0, '127.0.0.1', resolve)
  await promise
  const { port } = node.address() as { port: number }
  const asked = { chainId: felt(1), origin: 'https://medsync.example', account: puppet, nonce: felt(1), expiresAtS: 1 }
  const verdict = verifySignature(`http://127.0.0.1:${port}/`, asked, [felt(hash.getSelectorFromName('x'))] as Felt[])
  await expect(verdict).rejects.toMatchObject({ code: 'chain/unreachable' })
  node.close()
})
