// `npm run test:network -- kills`: four kills. MEDSYNC_KILLS=50 makes it fifty, about half an hour.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Kill, killAmidWrites, summarizeKills } from './killRun.ts'
import { describeNetwork } from './networkStage.ts'
import { type RoomsStage, raiseRooms } from './roomsStage.ts'

const KILLS = Math.min(500, Math.max(1, Number(process.env['MEDSYNC_KILLS'] ?? 4) || 4))
const WITHIN_S = 60
/** How long a run looks on when they are apart longer. */
const PATIENCE_MS = 180_000

describeNetwork('three hospitals, of which one’s node is killed while it writes', () => {
  let stage: RoomsStage
  beforeAll(async () => {
    stage = await raiseRooms()
  }, 180_000)
  afterAll(() => stage?.stop(), 60_000)

  test(
    `after each of ${KILLS} kills all nodes have the same state within ${WITHIN_S} s, and everything that was confirmed`,
    async () => {
      const kills: Kill[] = []
      for (let number = 0; number < KILLS; number += 1) {
        const kill = await killAmidWrites(stage, 6 + ((number * 7) % 40), PATIENCE_MS)
        kills.push(kill)
        console.log(`kill ${number + 1}: ${JSON.stringify(kill)}`)
      }
      console.log(summarizeKills(kills))
      expect(kills.filter(({ apartS }) => apartS > WITHIN_S)).toEqual([])
      expect(kills.filter(({ missing }) => missing > 0)).toEqual([])
    },
    KILLS * 300_000,
  )
})
