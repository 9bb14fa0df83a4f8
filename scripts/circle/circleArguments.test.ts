import { expect, test } from 'vitest'
import { circleArguments } from './circleArguments.ts'

test('a command line is read', () => {
  expect(circleArguments(['invite', '--file', 'context.json', '--out', 'invitation.json'])).toEqual({
    command: 'invite',
    file: 'context.json',
    out: 'invitation.json',
    hours: 1,
  })
})

test.each([
  ['no command', []],
  ['an unknown command', ['expel', '--file', 'context.json']],
  ['two commands', ['members', 'remove', '--file', 'context.json']],
  ['a flag too few', ['remove', '--file', 'context.json']],
  ['a flag that belongs to another command', ['members', '--file', 'context.json', '--out', 'x']],
  ['an unknown flag', ['members', '--flie', 'context.json']],
  ['a key that is none', ['remove', '--file', 'context.json', '--executor', '0x12']],
  ['an invitation for longer than a day', ['invite', '--file', 'a', '--out', 'b', '--hours', '48']],
])('error: %s is told with how it is used', (_, args) => {
  expect(() => circleArguments(args)).toThrow(/Use: npm run circle/)
})

test('error: what is wrong is named', () => {
  expect(() => circleArguments(['remove', '--file', 'context.json', '--executor', '0x12'])).toThrow(
    /^--executor: 64 hex digits, as `join` prints them\./,
  )
})
