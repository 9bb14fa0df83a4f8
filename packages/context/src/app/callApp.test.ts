import { isErrorCode } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { AnswerError, ApplicationError, TimeoutError } from '../engine/engineErrors.ts'
import { appEventSchema, appFailureSchema } from '../generated/appMethods.ts'
import { appFailureOf } from './appFailureOf.ts'
import { callApp, isAppMethod } from './callApp.ts'

/** An engine on which every call gives the same answer. */
function answering(answer: unknown) {
  return { call: async () => answer }
}

test('an answer has the type that the ABI promises', async () => {
  const page = { entries: [{ record: 'r1', patient: '0x1', held_by: 'ab', sequence: 2 }], next: null }
  const { entries } = await callApp(answering(page), 'mercy', 'catalogue_page', { limit: 3 })
  expect(entries[0]?.sequence).toBe(2)
  expect(await callApp(answering(null), 'mercy', 'get_private', { space: 'scores', key: 'k' })).toBeNull()
})

test('an absurd number that a member claims does not make a page unreadable', async () => {
  const claimed: unknown = JSON.parse(
    '{"entries":[{"record":"r","patient":"0x1","held_by":"ab","sequence":18446744073709551615}],"next":null}',
  )
  expect((await callApp(answering(claimed), 'mercy', 'catalogue_page', {})).entries).toHaveLength(1)
})

test('error: an answer of another app is named by its place and not shown', async () => {
  const failure = callApp(answering({ entries: [{ record: 5_550_101 }], next: null }), 'mercy', 'catalogue_of', { patient: '0x1' })
  await expect(failure).rejects.toThrow(AnswerError)
  await expect(failure).rejects.toThrowErrorMatchingInlineSnapshot(
    `[AnswerError: The app answered something that it does not promise. (catalogue_of: entries.0.record) Compare the installed app with the one that this program was built for.]`,
  )
})

test('only what the ABI lists is a method for callers', () => {
  expect(isAppMethod('file_terms')).toBe(true)
  for (const name of ['init', '__calimero_sync_next', 'count_my_pending', 'toString', '']) expect(isAppMethod(name)).toBe(false)
})

test('a refusal of the app is read with its data, another failure is none', () => {
  const refused = new ApplicationError('file_terms', 'TermsConflict', { commitment: '0xab' })
  expect(appFailureOf(refused)).toEqual({ kind: 'TermsConflict', data: { commitment: '0xab' } })
  expect(appFailureOf(new ApplicationError('round', 'NotAMember', undefined))).toEqual({ kind: 'NotAMember' })
  expect(appFailureOf(new ApplicationError('round', 'Invented', {}))).toBeUndefined()
  expect(appFailureOf(new TimeoutError('round', 1))).toBeUndefined()
})

test('events are known by their kind', () => {
  const told = { id: '1', kind: 'Contributed', data: { round: 'ab.r', step: 1, executor: 'ab' } }
  expect(appEventSchema.parse(told)).toEqual({ kind: told.kind, data: told.data })
  expect(appEventSchema.safeParse({ ...told, kind: 'Invented' }).success).toBe(false)
})

test.each(appFailureSchema.options.map(({ shape }) => shape.kind.value))('the refusal %s has words for people', (kind) => {
  expect(isErrorCode(`app/${kind}`)).toBe(true)
})
