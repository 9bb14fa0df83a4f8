import {
  type AllocationBoard,
  allocationBoardSchema,
  type BoardCase,
  type FacilityView,
  facilityViewSchema,
  type OrganisationId,
  type SpecialistView,
  specialistViewSchema,
} from '@medsync/protocol'
import { expect } from 'vitest'
import type { Client, RecordsStage } from './records-stage.ts'

export const HOUR_S = 3_600

/** A hospital's board. */
export async function boardOf(client: Client): Promise<AllocationBoard> {
  const { status, body } = await client.json('GET', '/hospital/allocation')
  expect({ status, body }).toMatchObject({ status: 200 })
  return allocationBoardSchema.parse(body)
}

/** Waits until a board is as it should be. */
export async function until(client: Client, isSo: (board: AllocationBoard) => boolean): Promise<AllocationBoard> {
  const untilMs = performance.now() + 30_000
  for (;;) {
    const board = await boardOf(client)
    if (isSo(board)) return board
    if (performance.now() > untilMs) throw new Error(`error: the board never came to be so: ${JSON.stringify(board)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A case on a board. */
export const caseOn = (board: AllocationBoard, caseId: string): BoardCase | undefined => board.cases.find((one) => one.case === caseId)

export async function addFacility(client: Client, name: string, latitude: number): Promise<FacilityView> {
  const { body } = await client.json('POST', '/hospital/facilities', { name, latitude, longitude: -71 })
  return facilityViewSchema.parse(body)
}

/** @param hours - Begins so many hours from now, takes so many. */
export async function addSpecialist(
  stage: RecordsStage,
  client: Client,
  name: string,
  facility: string,
  ...hours: readonly (readonly [number, number])[]
): Promise<SpecialistView> {
  const { body } = await client.json('POST', '/hospital/specialists', {
    name,
    facility,
    specialty: 'cardiology',
    hours: hours.map(([hour, capacity]) => hoursFrom(stage.gateway.clock.nowS(), hour, capacity)),
  })
  return specialistViewSchema.parse(body)
}

export const hoursFrom = (nowS: number, hour: number, capacity: number) => ({
  fromS: nowS + hour * HOUR_S,
  toS: nowS + (hour + 1) * HOUR_S,
  capacity,
})

/** Says the ranks of a ranking that the rounds room would have held. */
export async function rank(
  stage: RecordsStage,
  round: string,
  ranks: readonly { readonly organisation: OrganisationId; readonly of: Readonly<Record<string, number>> }[],
): Promise<void> {
  const total = ranks.reduce((sum, { of }) => sum + Object.keys(of).length, 0)
  for (const { organisation, of } of ranks)
    await stage.gateway.cases.keepRanks(organisation, { round, total, ranks: new Map(Object.entries(of)) })
}
