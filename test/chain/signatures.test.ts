import { submitSignedOrderCalls } from '@medsync/chain'
import { type AccountAddress, felt, MAX_SIGNATURE_FELTS, signatureFelts } from '@medsync/protocol'
import { CallData } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SIGNATURE_SHAPES } from '../../packages/protocol/src/signatures.fixture.ts'
import { raise, type Stage } from './stage.ts'

/** As in `Puppet`. */
const MANNER = { alwaysValid: 1, answersAtLength: 7 } as const

let stage: Stage
let puppet: AccountAddress
let nonce = 0
let next = 0xc0ffee

beforeAll(async () => {
  stage = await raise()
  puppet = felt(await stage.deploy('Puppet'))
})
afterAll(() => stage.devnet.stop())

async function answering(manner: number): Promise<void> {
  await stage.sendCalls('Governance', [{ contractAddress: puppet, entrypoint: 'set_manner', calldata: CallData.compile([manner]) }])
}

/** Brings an order of the account contract with this signature; the type of its last event. */
async function brought(signature: readonly string[]): Promise<string | undefined> {
  const order = { revoke: [], replace: [], grant: [felt(++next)] }
  const deadlineS = (await stage.nowS()) + 3_600
  const submission = { patient: puppet, signer: puppet, order, nonce, deadlineS, signature: signatureFelts(signature) }
  const { events } = await stage.sendCalls('Patient 2', submitSignedOrderCalls(stage.deployment, submission))
  nonce += 1
  return events.at(-1)?.type
}

describe('an order by signature', () => {
  test('is carried out with a signature of every shape, up to the longest that the network takes', async () => {
    await answering(MANNER.alwaysValid)
    for (const { name, signature } of SIGNATURE_SHAPES) expect([name, await brought(signature)]).toEqual([name, 'ConsentGranted'])
    expect(await brought(Array.from({ length: MAX_SIGNATURE_FELTS }, () => '0x0'))).toBe('ConsentGranted')
    expect(await brought([])).toBe('ConsentGranted')
  })

  test('error: is refused when the account answers at any length, though it begins with VALID', async () => {
    await answering(MANNER.answersAtLength)
    expect(await stage.refusal(brought(['0x1']))).toBe('Consent: bad signature')
  })
})
