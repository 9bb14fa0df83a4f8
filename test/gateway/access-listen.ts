import { account, challengeSchema, sessionSchema } from '@medsync/protocol'
import { localAccount } from '@medsync/testing'
import { stark, type TypedData } from 'starknet'
import type { AccessStage } from './access-stage.ts'

/** Signs somebody in and hears their live events as text, as they come over the wire; the result ends it. */
export async function listen(stage: AccessStage, label: string, hear: (text: string) => void): Promise<() => void> {
  const stopping = new AbortController()
  const headers = { authorization: `Bearer ${await accessToken(stage, label)}` }
  const answer = await fetch(`${stage.origin}/api/events`, { headers, signal: stopping.signal })
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) hear(decoder.decode(chunk, { stream: true }))
  }
  read().catch((failure: unknown) => {
    if (!stopping.signal.aborted) throw failure
  })
  return () => stopping.abort()
}

/** Signs somebody in; for what a `Person` does not do. */
export async function accessToken(stage: AccessStage, label: string): Promise<string> {
  const wallet = localAccount(stage.deployment.rpcUrl, stage.accounts, label)
  const address = account(wallet.address)
  const { nonce, typedData } = challengeSchema.parse(await post(stage, '/auth/challenge', { account: address }))
  const signature = stark.formatSignature(await wallet.signMessage(typedData as TypedData)).map((part) => `0x${BigInt(part).toString(16)}`)
  return sessionSchema.parse(await post(stage, '/auth/session', { account: address, nonce, signature })).accessToken
}

async function post(stage: AccessStage, path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json', origin: stage.origin }
  return await (await fetch(`${stage.origin}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json()
}
