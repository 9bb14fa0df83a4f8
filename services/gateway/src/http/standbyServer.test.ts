import { readySchema } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { freePort } from '../../../../scripts/processes/ports.ts'
import { StandbyServer } from './standbyServer.ts'

test('says that it is alive, why it is not ready, and when to come back; and leaves the port at once', async () => {
  const port = await freePort()
  const standby = new StandbyServer({ GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: port })
  await standby.close()
  await standby.open()
  const get = (path: string, method = 'GET'): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, { method })
  expect([(await get('/health')).status, await (await get('/health?a=1')).json()]).toEqual([200, { status: 'alive' }])
  const ready = await get('/ready')
  expect([ready.status, readySchema.parse(await ready.json()).status]).toEqual([503, 'standby'])
  for (const answer of [await get('/'), await get('/api/network'), await get('/health', 'POST')]) {
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('cache-control')]).toEqual([503, '5', 'no-store'])
    expect(await answer.json()).toMatchObject({ code: 'server/standby', id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  }
  await standby.close()
  await expect(get('/health')).rejects.toThrow('fetch failed')
})
