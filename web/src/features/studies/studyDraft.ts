import {
  type CategoryKey,
  type Felt,
  type PriceShares,
  purposeOf,
  type StudyDetails,
  splitPrice,
  studyDetailsSchema,
} from '@medsync/protocol'
import { parseAmount } from '../../ui/format/formatAmount.ts'
import { dayToS } from '../../ui/format/formatTime.ts'
import { dayAfterMonths, RESEARCH_CATEGORIES } from '../consents/consentDraft.ts'
import type { Token } from '../network/useToken.ts'

/** A study as its form holds it: amounts and days as typed. */
export type StudyDraft = {
  readonly title: string
  readonly summary: string
  readonly purpose: string
  readonly categories: readonly CategoryKey[]
  readonly dataFrom: string
  readonly dataTo: string
  readonly token: string
  readonly price: string
  readonly deposit: string
  readonly hospitalPercent: number
  readonly poolPercent: number
  readonly capPerPatient: number
  readonly minCohort: number
  readonly bond: string
  readonly deadline: string
  readonly answerWithinHours: number
}

const DAY_S = 86_400
const HOUR_S = 3_600
/** Limits of the reward pool. */
const LONGEST_S = 5 * 365 * DAY_S
const LARGEST_AMOUNT = 2n ** 112n
const LARGEST_COHORT = 1_048_575

/** What the form starts with. */
export function newStudyDraft(nowS: number, token: Felt | undefined): StudyDraft {
  return {
    title: '',
    summary: '',
    purpose: 'DSRCH',
    categories: RESEARCH_CATEGORIES,
    dataFrom: '',
    dataTo: '',
    token: token ?? '',
    price: '5',
    deposit: '100',
    hospitalPercent: 20,
    poolPercent: 5,
    capPerPatient: 3,
    minCohort: 1,
    bond: '0',
    deadline: dayAfterMonths(nowS, 6),
    answerWithinHours: 72,
  }
}

/** What a draft costs and pays; parts are undefined while what they need is not typed yet. */
export type StudyPreview = {
  readonly shares: PriceShares | undefined
  /** How many accesses the deposit pays for, all patients together. */
  readonly accesses: bigint | undefined
  /** What the accesses leave over, smallest unit. */
  readonly rest: bigint | undefined
  readonly isAffordable: boolean | undefined
}

/** Percent to basis points, without a floating point's rest. */
export function percentToBps(percent: number): number {
  return Math.round(percent * 100)
}

/**
 * Reckons a draft as the contract will.
 * @param balance - What the funder holds of the token; undefined while it is not known.
 */
export function previewOfStudy(draft: StudyDraft, token: Token | undefined, balance: bigint | undefined): StudyPreview {
  const price = token && parseAmount(draft.price, token.decimals)
  const deposit = token && parseAmount(draft.deposit, token.decimals)
  const bond = token && parseAmount(draft.bond, token.decimals)
  const [hospitalBps, poolBps] = [percentToBps(draft.hospitalPercent), percentToBps(draft.poolPercent)]
  const isWhole = hospitalBps >= 0 && poolBps >= 0 && hospitalBps + poolBps <= 10_000
  const hasPrice = price !== undefined && price > 0n
  return {
    shares: hasPrice && isWhole ? splitPrice(price, BigInt(hospitalBps), BigInt(poolBps)) : undefined,
    accesses: hasPrice && deposit !== undefined ? deposit / price : undefined,
    rest: hasPrice && deposit !== undefined ? deposit % price : undefined,
    isAffordable: deposit === undefined || balance === undefined ? undefined : deposit + (bond ?? 0n) <= balance,
  }
}

/** What still stands in the way, by field; empty when nothing does. */
export function problemsOfStudy(draft: StudyDraft, token: Token | undefined, balance: bigint | undefined, nowS: number) {
  const problems: Partial<Record<keyof StudyDraft, string>> = {}
  if (draft.title.trim().length < 3) problems.title = 'Give the study a title of at least three letters.'
  if (draft.categories.length === 0) problems.categories = 'Choose at least one kind of data.'
  if (token === undefined) problems.token = 'Choose a token.'
  const price = token && parseAmount(draft.price, token.decimals)
  const deposit = token && parseAmount(draft.deposit, token.decimals)
  const bond = token && parseAmount(draft.bond, token.decimals)
  if (price === undefined || price === 0n) problems.price = 'Give a price above zero.'
  if (deposit === undefined || deposit === 0n) problems.deposit = 'Give an amount above zero.'
  else if (deposit >= LARGEST_AMOUNT) problems.deposit = 'That is more than the pool can hold.'
  else if (balance !== undefined && deposit > balance) problems.deposit = 'That is more than your account holds.'
  else if (price !== undefined && deposit < price) problems.deposit = 'That does not pay for one access.'
  if (bond === undefined) problems.bond = 'Give an amount, or 0.'
  else if (deposit !== undefined && problems.deposit === undefined) {
    if (deposit + bond >= LARGEST_AMOUNT) problems.bond = 'Deposit and bond are more than the pool can hold.'
    else if (balance !== undefined && deposit + bond > balance) problems.bond = 'Deposit and bond are more than your account holds.'
  }
  if (percentToBps(draft.hospitalPercent) + percentToBps(draft.poolPercent) > 10_000)
    problems.hospitalPercent = 'Together more than 100 percent.'
  if (!Number.isInteger(draft.capPerPatient) || draft.capPerPatient < 1) problems.capPerPatient = 'At least one.'
  if (!Number.isInteger(draft.minCohort) || draft.minCohort < 1) problems.minCohort = 'At least one.'
  else if (draft.minCohort > LARGEST_COHORT) problems.minCohort = `At most ${LARGEST_COHORT}.`
  else if (price !== undefined && price > 0n && deposit !== undefined && BigInt(draft.minCohort) * price > deposit)
    problems.minCohort = 'The deposit does not pay for so many patients, so no data would ever leave.'
  const deadline = dayToS(draft.deadline)
  if (deadline === undefined) problems.deadline = 'Choose the last day for requests.'
  else if (deadline + DAY_S <= nowS) problems.deadline = 'That day has passed. Choose one in the future.'
  else if (deadline + DAY_S > nowS + LONGEST_S) problems.deadline = 'A study may run for five years at most.'
  if (!(draft.answerWithinHours * HOUR_S >= 60 && draft.answerWithinHours * HOUR_S <= 90 * DAY_S)) {
    problems.answerWithinHours = 'Between one minute and 90 days.'
  }
  const [from, to] = [dayToS(draft.dataFrom), dayToS(draft.dataTo)]
  if (from !== undefined && to !== undefined && to < from) problems.dataTo = 'The last day lies before the first.'
  return problems
}

/** What the study is about, for the gateway and the salted hash. */
export function detailsOfStudy(draft: StudyDraft): StudyDetails {
  const dataToS = dayToS(draft.dataTo)
  return studyDetailsSchema.parse({
    title: draft.title,
    summary: draft.summary,
    categories: draft.categories,
    dataFromS: dayToS(draft.dataFrom) ?? 0,
    dataToS: dataToS === undefined ? 0 : dataToS + DAY_S,
  })
}

/** The public offer without its details' hash; call it only when `problemsOfStudy` found nothing. */
export function offerOfStudy(draft: StudyDraft, token: Token) {
  return {
    purposeIndex: purposeOf(draft.purpose).index,
    token: token.address,
    price: parseAmount(draft.price, token.decimals) ?? 0n,
    hospitalBps: percentToBps(draft.hospitalPercent),
    poolBps: percentToBps(draft.poolPercent),
    capPerPatient: draft.capPerPatient,
    minCohort: draft.minCohort,
    bond: parseAmount(draft.bond, token.decimals) ?? 0n,
    deadlineS: (dayToS(draft.deadline) ?? 0) + DAY_S,
    answerWithinS: Math.round(draft.answerWithinHours * HOUR_S),
    deposit: parseAmount(draft.deposit, token.decimals) ?? 0n,
  }
}
