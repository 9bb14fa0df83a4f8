import { KIND } from './accessLog.ts'
import { DECISION, type Opening, type Registry } from './consents.ts'
import { HOSPITAL, POWERS, RESEARCH, type Register } from './participants.ts'
import { isKnownPurpose } from './purposes.ts'
import { Table } from './table.ts'
import { upgradesModel } from './upgrades.ts'
import { type Contract, check, type World } from './world.ts'

export type Terms = {
  organisation: bigint
  purpose: bigint
  token: bigint
  price: bigint
  hospital_bps: bigint
  pool_bps: bigint
  cap_per_patient: bigint
  min_cohort: bigint
  bond: bigint
  deadline_s: bigint
  answer_within_s: bigint
  details: bigint
}
export type Study = {
  terms: Terms
  funder: bigint
  state: bigint
  available: bigint
  open_requests: bigint
  settled: bigint
  cohort: bigint
  open_disputes: bigint
  upheld: bigint
}
export type Request = {
  study: bigint
  state: bigint
  harm: bigint
  requester: bigint
  patient: bigint
  hospital: bigint
  expires_at_s: bigint
  digest: bigint
}

export const REQUEST = { unknown: 0n, open: 1n, settled: 2n, refused: 3n, expired: 4n }
export const HARM = { none: 0n, disputed: 1n, upheld: 2n, rejected: 3n, compensated: 4n }
export const STUDY = { unknown: 0n, open: 1n, closed: 2n }
const GATE = { open: 0n, busy: 1n, paused: 2n }
const WHOLE_BPS = 10_000n
export const DISPUTE_S = 2_592_000n
const MAX_PEOPLE = 2n ** 20n - 1n
const MAX_STUDY_S = 157_680_000n
export const MAX_AMOUNT = 2n ** 112n - 1n
const REFUSALS: Readonly<Record<string, string>> = {
  [`${DECISION.notGranted}`]: 'Pool: consent not granted',
  [`${DECISION.revoked}`]: 'Pool: consent revoked',
  [`${DECISION.replaced}`]: 'Pool: consent replaced',
  [`${DECISION.notYet}`]: 'Pool: consent not yet valid',
  [`${DECISION.expired}`]: 'Pool: consent expired',
  [`${DECISION.grantee}`]: 'Pool: other grantee',
  [`${DECISION.purpose}`]: 'Pool: other purpose',
}
const NO_TERMS: Terms = {
  organisation: 0n,
  purpose: 0n,
  token: 0n,
  price: 0n,
  hospital_bps: 0n,
  pool_bps: 0n,
  cap_per_patient: 0n,
  min_cohort: 0n,
  bond: 0n,
  deadline_s: 0n,
  answer_within_s: 0n,
  details: 0n,
}
const NO_STUDY: Study = {
  terms: NO_TERMS,
  funder: 0n,
  state: STUDY.unknown,
  available: 0n,
  open_requests: 0n,
  settled: 0n,
  cohort: 0n,
  open_disputes: 0n,
  upheld: 0n,
}
const NO_REQUEST: Request = { study: 0n, state: 0n, harm: 0n, requester: 0n, patient: 0n, hospital: 0n, expires_at_s: 0n, digest: 0n }

/** The reward pool. */
export function rewardPoolModel(world: World, address: bigint, register: Register, registry: Registry, log: bigint) {
  const { journal } = world
  const of =
    (fn: string) =>
    (...args: bigint[]) => ({ to: address, fn, args })
  const gate = new Table(journal, GATE.open, () => of('is_paused')())
  const counts = new Table(journal, { studies: 0n, requests: 0n })
  const studies = new Table<Study>(journal, NO_STUDY, of('study'))
  const requests = new Table<Request>(journal, NO_REQUEST, of('request_of'))
  const requestIds = new Table(journal, 0n, of('request_by_digest'))
  const used = new Table(journal, 0n, of('used_by_patient'))
  const compensations = new Table(journal, 0n, of('compensation'))
  const owed = new Table(journal, 0n, of('owed'))
  const owedToOrganisation = new Table(journal, 0n, of('owed_to_organisation'))
  const owedToPool = new Table(journal, 0n, of('owed_to_pool'))
  const liabilities = new Table(journal, 0n, of('liabilities'))
  const emit = (name: string, fields: Parameters<World['emit']>[2]): void => world.emit(address, name, fields)

  const assertNotBusy = (): void => check(gate.get(0n) !== GATE.busy, 'Pool: busy')
  const assertOpen = (): void => {
    assertNotBusy()
    check(gate.get(0n) !== GATE.paused, 'Pool: paused')
  }
  const openStudyOf = (id: bigint): Study => {
    const study = studies.get(id)
    check(study.state !== STUDY.unknown, 'Pool: unknown study')
    check(study.state === STUDY.open, 'Pool: study closed')
    return study
  }
  const openRequestOf = (id: bigint): Request => {
    const request = requests.get(id)
    check(request.state !== REQUEST.unknown, 'Pool: unknown request')
    check(request.state === REQUEST.open, 'Pool: request not open')
    return request
  }
  const answerable = (caller: bigint, id: bigint, digest: bigint): Request => {
    const request = openRequestOf(id)
    check(digest === request.digest, 'Pool: other request')
    check(register.actingOrganisation(caller, HOSPITAL) === request.hospital, 'Pool: not the asked hospital')
    check(world.nowS < request.expires_at_s, 'Pool: request expired')
    return request
  }
  const giveBack = (id: bigint, request: Request, state: bigint): void => {
    requests.set([id], { ...request, state })
    const left = used.get(request.study, request.patient) - 1n
    used.set([request.study, request.patient], left)
    const study = studies.get(request.study)
    const cohort = study.cohort - (left === 0n ? 1n : 0n)
    const available = study.available + study.terms.price
    studies.set([request.study], { ...study, available, open_requests: study.open_requests - 1n, cohort })
  }
  const credit = (table: Table<bigint>, key: readonly bigint[], amount: bigint): void => {
    if (amount !== 0n) table.set(key, table.get(...key) + amount)
  }
  /** What the pool holds of a token, as the token says. */
  const held = (token: bigint): bigint => {
    const answer = world.ask(address, token, 'balance_of', [address])
    return typeof answer === 'bigint' ? answer : 0n
  }
  const pull = (token: bigint, from: bigint, amount: bigint): bigint => {
    const before = held(token)
    const outcome = world.attempt({ from: address, to: token, fn: 'transfer_from', args: [from, address, amount] })
    check(outcome.isOk, 'Pool: token call failed')
    const after = held(token)
    check(after >= before, 'Pool: token misbehaved')
    const arrived = after - before
    check(arrived !== 0n, 'Pool: nothing received')
    return arrived >= amount ? amount : arrived
  }
  const deposit = (id: bigint, from: bigint, token: bigint, amount: bigint, bond: bigint): void => {
    check(amount !== 0n, 'Pool: zero amount')
    check(amount <= MAX_AMOUNT && bond <= MAX_AMOUNT, 'Pool: amount too large')
    gate.set([0n], GATE.busy)
    const received = pull(token, from, amount + bond)
    gate.set([0n], GATE.open)
    check(received > bond, 'Pool: bond not covered')
    const sum = liabilities.get(token) + received
    check(sum <= MAX_AMOUNT, 'Pool: amount too large')
    liabilities.set([token], sum)
    const study = studies.get(id)
    studies.set([id], { ...study, state: STUDY.open, available: study.available + received - bond })
    emit('StudyFunded', { study: id, from, amount: received - bond })
  }
  const pay = (token: bigint, to: bigint, amount: bigint): void => {
    liabilities.set([token], liabilities.get(token) - amount)
    const before = gate.get(0n)
    gate.set([0n], GATE.busy)
    const had = held(token)
    const outcome = world.attempt({ from: address, to: token, fn: 'transfer', args: [to, amount] })
    check(outcome.isOk, 'Pool: token call failed')
    const has = held(token)
    check(had >= has && had - has === amount, 'Pool: token misbehaved')
    gate.set([0n], before)
  }
  const payOut = (token: bigint, account: bigint): bigint => {
    const amount = owed.get(token, account)
    if (amount === 0n) return 0n
    owed.set([token, account], 0n)
    emit('RewardClaimed', { account, token, amount })
    pay(token, account, amount)
    return amount
  }
  const shareOf = (price: bigint, bps: bigint): bigint => (price * bps) / WHOLE_BPS
  const closesAtS = (id: bigint): bigint => {
    const { deadline_s, answer_within_s } = studies.get(id).terms
    return deadline_s === 0n ? 0n : deadline_s + answer_within_s + DISPUTE_S
  }
  const assertTerms = (terms: Terms): void => {
    check(terms.token !== 0n, 'Pool: zero address')
    check(terms.price !== 0n, 'Pool: zero price')
    check(terms.price <= MAX_AMOUNT, 'Pool: amount too large')
    check(terms.cap_per_patient !== 0n, 'Pool: zero cap')
    check(terms.cap_per_patient <= MAX_PEOPLE, 'Pool: cap too large')
    check(terms.min_cohort <= MAX_PEOPLE, 'Pool: cohort too large')
    check(terms.hospital_bps + terms.pool_bps <= WHOLE_BPS, 'Pool: shares over whole')
    check(isKnownPurpose(terms.purpose), 'Pool: unknown purpose')
    check(world.nowS < terms.deadline_s, 'Pool: deadline passed')
    check(terms.deadline_s - world.nowS <= MAX_STUDY_S, 'Pool: deadline too far')
    check(terms.answer_within_s >= 60n && terms.answer_within_s <= 7_776_000n, 'Pool: bad answering time')
  }

  const functions: Contract['functions'] = {
    ...upgradesModel(world, address, register.owner),
    study_count: () => counts.get(0n).studies,
    request_count: () => counts.get(0n).requests,
    study: (_, id: bigint) => studies.get(id),
    request_of: (_, id: bigint) => requests.get(id),
    request_by_digest: (_, requester: bigint, digest: bigint) => requestIds.get(requester, digest),
    owed: (_, token: bigint, account: bigint) => owed.get(token, account),
    owed_to_organisation: (_, token: bigint, id: bigint) => owedToOrganisation.get(token, id),
    owed_to_pool: (_, token: bigint) => owedToPool.get(token),
    liabilities: (_, token: bigint) => liabilities.get(token),
    used_by_patient: (_, study: bigint, patient: bigint) => used.get(study, patient),
    is_paused: () => gate.get(0n) === GATE.paused,
    closes_at_s: (_, study: bigint) => closesAtS(study),
    compensation: (_, study: bigint) => compensations.get(study),
    open_study: (funder, terms: Terms, amount: bigint) => {
      assertOpen()
      check(terms.organisation !== 0n, 'Pool: not the office')
      check(register.actingOrganisation(funder, RESEARCH) === terms.organisation, 'Pool: not the office')
      assertTerms(terms)
      const study = counts.get(0n).studies + 1n
      counts.set([0n], { ...counts.get(0n), studies: study })
      studies.set([study], { ...NO_STUDY, terms, funder })
      emit('StudyOpened', { study, organisation: terms.organisation, token: terms.token, funder, terms })
      deposit(study, funder, terms.token, amount, terms.bond)
      return study
    },
    fund: (from, id: bigint, amount: bigint) => {
      assertOpen()
      const study = openStudyOf(id)
      check(from === study.funder, 'Pool: not the funder')
      check(world.nowS < study.terms.deadline_s, 'Pool: deadline passed')
      deposit(id, from, study.terms.token, amount, 0n)
      return []
    },
    request: (requester, id: bigint, patient: bigint, hospital: bigint, digest: bigint) => {
      assertOpen()
      const study = openStudyOf(id)
      const { organisation, deadline_s, price, cap_per_patient, answer_within_s } = study.terms
      check(register.actingOrganisation(requester, RESEARCH) === organisation, 'Pool: not the office')
      check(world.nowS < deadline_s, 'Pool: deadline passed')
      check(register.isActive(hospital, HOSPITAL), 'Pool: not a hospital')
      check(patient !== 0n, 'Pool: zero address')
      check(digest !== 0n, 'Pool: zero digest')
      check(requestIds.get(requester, digest) === 0n, 'Pool: already requested')
      check(study.available >= price, 'Pool: not enough funds')
      const before = used.get(id, patient)
      check(before < cap_per_patient, 'Pool: cap reached')
      const request = counts.get(0n).requests + 1n
      const expires_at_s = world.nowS + answer_within_s
      counts.set([0n], { ...counts.get(0n), requests: request })
      requestIds.set([requester, digest], request)
      requests.set([request], { study: id, state: REQUEST.open, harm: HARM.none, requester, patient, hospital, expires_at_s, digest })
      used.set([id, patient], before + 1n)
      const cohort = study.cohort + (before === 0n ? 1n : 0n)
      studies.set([id], { ...study, available: study.available - price, open_requests: study.open_requests + 1n, cohort })
      emit('RequestOpened', { request, hospital, patient, study: id, requester, digest, price, expires_at_s })
      return request
    },
    settle: (caller, id: bigint, digest: bigint, opening: Opening, entry: bigint) => {
      assertOpen()
      const request = answerable(caller, id, digest)
      const { study: of, patient, hospital, requester } = request
      const study = studies.get(of)
      const { organisation, price, hospital_bps, pool_bps, min_cohort, purpose, token } = study.terms
      check(register.actingOrganisation(requester, RESEARCH) === organisation, 'Pool: not the office')
      check(study.cohort >= min_cohort, 'Pool: cohort too small')
      const decision = registry.decide(patient, opening, organisation, purpose)
      check(decision === DECISION.permit, REFUSALS[`${decision}`] ?? 'Pool: consent not granted')
      requests.set([id], { ...request, state: REQUEST.settled })
      studies.set([of], { ...study, open_requests: study.open_requests - 1n, settled: study.settled + 1n })
      const hospital_share = shareOf(price, hospital_bps)
      const pool_share = shareOf(price, pool_bps)
      const patient_share = price - hospital_share - pool_share
      credit(owed, [token, patient], patient_share)
      credit(owedToOrganisation, [token, hospital], hospital_share)
      world.ask(address, log, 'append_for', [hospital, patient, KIND.access, id, entry])
      emit('RequestSettled', { request: id, study: of, patient, hospital, entry, patient_share, hospital_share, pool_share })
      return []
    },
    refuse: (caller, id: bigint, digest: bigint, entry: bigint) => {
      assertNotBusy()
      const request = answerable(caller, id, digest)
      const { study, patient, hospital } = request
      giveBack(id, request, REQUEST.refused)
      world.ask(address, log, 'append_for', [hospital, patient, KIND.refusal, id, entry])
      emit('RequestRefused', { request: id, study, patient, hospital, entry })
      return []
    },
    expire: (_, id: bigint) => {
      assertNotBusy()
      const request = openRequestOf(id)
      check(world.nowS >= request.expires_at_s, 'Pool: request not expired')
      giveBack(id, request, REQUEST.expired)
      emit('RequestExpired', { request: id, study: request.study, patient: request.patient })
      return []
    },
    claim: (account, token: bigint) => {
      assertNotBusy()
      const amount = payOut(token, account)
      check(amount !== 0n, 'Pool: nothing owed')
      return amount
    },
    claim_many: (account, tokens: readonly bigint[]) => {
      assertNotBusy()
      check(tokens.length !== 0, 'Pool: no tokens')
      check(tokens.length <= 50, 'Pool: too many tokens')
      const paid = tokens.map((token) => payOut(token, account))
      check(
        paid.some((amount) => amount !== 0n),
        'Pool: nothing owed',
      )
      return []
    },
    claim_for_organisation: (caller, token: bigint) => {
      assertNotBusy()
      const organisation = register.organisationOf(caller)
      check(organisation !== 0n, 'Pool: not an operator')
      const amount = owedToOrganisation.get(token, organisation)
      check(amount !== 0n, 'Pool: nothing owed')
      const payout = register.payoutOf(organisation)
      owedToOrganisation.set([token, organisation], 0n)
      emit('OrganisationRewardClaimed', { organisation, token, payout, amount })
      pay(token, payout, amount)
      return amount
    },
    claim_pool_share: (caller, token: bigint, to: bigint) => {
      assertNotBusy()
      check(caller === register.owner(), 'Pool: not the owner')
      check(to !== 0n, 'Pool: zero address')
      const amount = owedToPool.get(token)
      check(amount !== 0n, 'Pool: nothing owed')
      owedToPool.set([token], 0n)
      emit('PoolShareClaimed', { token, to, amount })
      pay(token, to, amount)
      return amount
    },
    refund: (caller, id: bigint) => {
      assertNotBusy()
      const study = openStudyOf(id)
      check(caller === study.funder, 'Pool: not the funder')
      check(world.nowS >= study.terms.deadline_s, 'Pool: deadline ahead')
      const amount = study.available
      check(amount !== 0n, 'Pool: nothing left')
      studies.set([id], { ...study, available: 0n })
      emit('StudyRefunded', { study: id, funder: study.funder, amount })
      pay(study.terms.token, study.funder, amount)
      return amount
    },
    close: (_, id: bigint) => {
      assertNotBusy()
      const study = openStudyOf(id)
      const { token, bond, price, pool_bps } = study.terms
      check(world.nowS >= closesAtS(id), 'Pool: too early to close')
      check(study.open_requests === 0n, 'Pool: requests open')
      check(study.open_disputes === 0n, 'Pool: disputes open')
      const accrued = study.settled * shareOf(price, pool_bps)
      const rebate = accrued / 2n
      const isClean = study.upheld === 0n
      const compensation = isClean ? 0n : bond / study.upheld
      const to_funder = study.available + (isClean ? bond + rebate : 0n)
      const to_pool = isClean ? accrued - rebate : accrued + bond - compensation * study.upheld
      studies.set([id], { ...study, state: STUDY.closed, available: 0n })
      if (compensation !== 0n) compensations.set([id], compensation)
      credit(owed, [token, study.funder], to_funder)
      credit(owedToPool, [token], to_pool)
      emit('StudyClosed', { study: id, funder: study.funder, to_funder, to_pool, compensation, upheld: study.upheld })
      return []
    },
    compensate: (_, id: bigint) => {
      assertNotBusy()
      const request = requests.get(id)
      check(request.state !== REQUEST.unknown, 'Pool: unknown request')
      check(request.harm === HARM.upheld, 'Pool: not harmed')
      const study = studies.get(request.study)
      check(study.state === STUDY.closed, 'Pool: study not closed')
      requests.set([id], { ...request, harm: HARM.compensated })
      const amount = compensations.get(request.study)
      credit(owed, [study.terms.token, request.patient], amount)
      emit('PatientCompensated', { request: id, study: request.study, patient: request.patient, amount })
      return []
    },
    dispute_opened: (caller, id: bigint) => {
      check(caller === log, 'Pool: not the log')
      const request = requests.get(id)
      const study = studies.get(request.study)
      if (request.state !== REQUEST.settled || study.state !== STUDY.open || world.nowS >= closesAtS(request.study)) return []
      requests.set([id], { ...request, harm: HARM.disputed })
      studies.set([request.study], { ...study, open_disputes: study.open_disputes + 1n })
      emit('StudyDisputed', { study: request.study, request: id })
      return []
    },
    dispute_resolved: (caller, id: bigint, isUpheld: boolean) => {
      check(caller === log, 'Pool: not the log')
      const request = requests.get(id)
      if (request.harm !== HARM.disputed) return []
      requests.set([id], { ...request, harm: isUpheld ? HARM.upheld : HARM.rejected })
      const study = studies.get(request.study)
      const upheld = study.upheld + (isUpheld ? 1n : 0n)
      studies.set([request.study], { ...study, open_disputes: study.open_disputes - 1n, upheld })
      emit('StudyDisputeEnded', { study: request.study, request: id, is_upheld: isUpheld })
      return []
    },
    pause: (by) => {
      assertOpen()
      check(register.hasPower(by, POWERS.pause), 'Pool: not a pauser')
      gate.set([0n], GATE.paused)
      emit('Paused', { by })
      return []
    },
    unpause: (by) => {
      check(by === register.owner(), 'Pool: not the owner')
      check(gate.get(0n) === GATE.paused, 'Pool: not paused')
      gate.set([0n], GATE.open)
      emit('Unpaused', { by })
      return []
    },
  }
  const money = { owed, owedToOrganisation, owedToPool, liabilities, compensations }
  return world.add({ address, kind: 'rewardPool', functions, studies, requests, counts, used, gate, closesAtS, ...money })
}
