import { networkNodeStateSchema } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { nodeStateText, repairText } from './nodeStateText.ts'

test.each(networkNodeStateSchema.options)('a node that is %s: a word, and what it means', (state) => {
  const { words, meaning } = nodeStateText({ state })
  expect(words).not.toBe('')
  expect(meaning).toMatch(/\.$/)
})

test.each(['apart', 'not-answering', 'away'] as const)('error: staff are told what they can do about a node that is %s', (state) => {
  expect(nodeStateText({ state })).toMatchObject({ tone: 'bad', advice: expect.stringMatching(/npm run node/) })
})

test('what a replaced copy does not touch is said', () => {
  expect(repairText({ step: 'replace-copy', atS: 0 })).toContain('records and cases on it stay')
})
