import { BPS, REBATE_BPS, type StudyView, splitPrice } from '@medsync/protocol'

/** What stands in the way of closing a study. */
export type Obstacle = 'too-early' | 'requests-open' | 'disputes-open'

/** What closing a study would share out, smallest unit. */
export type Closing = {
  readonly obstacle: Obstacle | undefined
  /** Neither held nor paid. */
  readonly rest: bigint
  /** Of the bond: all of it to the funder, or a part for each harmed patient. */
  readonly bond: bigint
  readonly compensation: bigint
  /** Part of the pool's share. */
  readonly rebate: bigint
  /** What the funder may collect afterwards. */
  readonly toFunder: bigint
}

/** Reckons what closing a study does, as the contract will. */
export function closingOf(study: StudyView, nowS: number): Closing {
  const [rest, wholeBond] = [BigInt(study.available), BigInt(study.bond)]
  const { pool } = splitPrice(BigInt(study.price), BigInt(study.hospitalBps), BigInt(study.poolBps))
  const isHarmless = study.upheld === 0
  const bond = isHarmless ? wholeBond : 0n
  const rebate = isHarmless ? (BigInt(study.settled) * pool * REBATE_BPS) / BPS : 0n
  const compensation = isHarmless ? 0n : wholeBond / BigInt(study.upheld)
  return { obstacle: obstacleOf(study, nowS), rest, bond, compensation, rebate, toFunder: rest + bond + rebate }
}

function obstacleOf({ closesAtS, openRequests, openDisputes }: StudyView, nowS: number): Obstacle | undefined {
  if (nowS < closesAtS) return 'too-early'
  if (openRequests > 0) return 'requests-open'
  return openDisputes > 0 ? 'disputes-open' : undefined
}
