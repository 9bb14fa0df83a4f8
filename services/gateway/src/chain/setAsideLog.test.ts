import type { SetAsideEvent } from '@medsync/chain'
import { felt } from '@medsync/protocol'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { SetAsideLog } from './setAsideLog.ts'

const event: SetAsideEvent = {
  type: 'SetAside',
  at: { blockNumber: 7, transactionIndex: 0, eventIndex: 0, transaction: felt(0xaa) },
  contract: 'consentRegistry',
  of: 'ConsentRevoked',
  reason: 'wrong-length',
  keys: [felt(0x1), felt(0x5ec2e7)],
  data: [felt(0x5ec2e8)],
}

test('a flood of events that cannot be read is twenty lines a minute, with how many were left out, and none of what stands in them', () => {
  const lines: Record<string, unknown>[] = []
  let nowMs = 0
  const log = pino({ level: 'info', base: null, timestamp: false }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const setAside = new SetAsideLog(log, () => nowMs)
  for (let count = 0; count < 5_000; count++) setAside.tell(event)
  expect(lines).toHaveLength(20)
  nowMs = 60_000
  setAside.tell({ ...event, of: null })
  setAside.tell(event)
  expect(lines).toHaveLength(22)
  expect(lines[20]).toEqual({
    level: 40,
    event: 'chain.set-aside',
    contract: 'consentRegistry',
    of: '0x1',
    reason: 'wrong-length',
    block: 7,
    transaction: '0xaa',
    untold: 4_980,
    msg: 'an event cannot be read and is set aside',
  })
  expect(lines[21]).not.toHaveProperty('untold')
  expect(JSON.stringify(lines)).not.toContain('5ec2e')
})
