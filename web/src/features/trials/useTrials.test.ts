import type { Invitation, StudyView, Trial } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { openFirst, withTrials } from './useTrials.ts'

const invitation = (study: number, state: Invitation['state'], invitedAtS: number): Invitation =>
  ({ study, state, invitedAtS }) as Partial<Invitation> as Invitation
const study = (number: number, state: StudyView['state']): StudyView => ({ study: number, state }) as Partial<StudyView> as StudyView

test('invitations that wait for an answer come first, the newest before the others', () => {
  const sorted = openFirst([invitation(1, 'declined', 90), invitation(2, 'open', 10), invitation(3, 'open', 20)])
  expect(sorted.map((each) => each.study)).toEqual([3, 2, 1])
})

test('open studies are listed with their criteria, the newest first; closed ones are not', () => {
  const trial = { study: 1 } as Partial<Trial> as Trial
  const listed = withTrials([study(1, 'open'), study(2, 'open'), study(3, 'closed')], [trial])
  expect(listed.map((each) => [each.study.study, each.trial])).toEqual([
    [2, undefined],
    [1, trial],
  ])
})
