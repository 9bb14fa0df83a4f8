import type { CaseDetail, CaseSummary } from '@medsync/protocol'
import { type CaseBook, type HeldCase, rankIn } from './caseBooks.ts'
import { type Added, standing } from './caseEntries.ts'
import { countingScore } from './caseFile.ts'
import type { RecordFacts } from './recordFacts.ts'

/** How many observations one answer shows. */
const MAX_SHOWN = 400

/** A case as the list shows it. */
export function summaryOf(book: CaseBook, { file, status }: HeldCase): CaseSummary {
  const { urgency } = file
  const { score, decision, lapsed } = countingScore(file)
  return {
    case: file.case,
    record: file.record,
    specialty: file.specialty,
    arrivedAtS: file.arrivedAtS,
    status,
    score,
    computed: urgency.score,
    version: urgency.version,
    revision: file.revision,
    band: urgency.news2.band,
    decision: decision?.kind ?? 'none',
    hasLapsed: lapsed !== undefined,
    missing: urgency.missing,
    outdated: urgency.outdated,
    outOfScope: file.outOfScope,
    scoredAtS: urgency.scoredAtS,
    rank: rankIn(book, file.case) ?? null,
  }
}

/** A case with all that a clinician needs to check its score. */
export function detailOf(
  book: CaseBook,
  held: HeldCase,
  { facts, added, hasModel }: { readonly facts: RecordFacts; readonly added: Added; readonly hasModel: boolean },
): Omit<CaseDetail, 'patient'> {
  const { file } = held
  const { oxygenScale, isPregnant, createdBy: by, createdAtS: atS } = file
  const assessments = [{ oxygenScale, isPregnant, by, atS }, ...added.assessments]
  return {
    ...summaryOf(book, held),
    urgency: file.urgency,
    decided: countingScore(file).decision ?? null,
    decisions: file.decisions,
    history: file.history,
    notes: added.notes.map(({ id, text, by, addedAtS }) => ({ id, text, by, addedAtS })),
    observations: observationsOf(held, facts, added),
    model: modelOf(held, hasModel, added),
    createdBy: file.createdBy,
    createdAtS: file.createdAtS,
    episodeFromS: file.episodeFromS,
    oxygenScale: assessments.at(-1)?.oxygenScale ?? oxygenScale,
    isPregnant: assessments.at(-1)?.isPregnant ?? null,
    assessments,
  }
}

/** Those of the record only where the score names them. */
function observationsOf({ file: { urgency } }: HeldCase, facts: RecordFacts, added: Added): CaseDetail['observations'] {
  const { evidence, implausible } = urgency
  const named = [...evidence.vitals, ...evidence.modifiers].flatMap(({ sources }) => sources)
  const counted = new Set([...named, ...implausible.map(({ source }) => source)])
  const ofCase = standing(added.observations).map(({ id, addedAtS, resource }) => ({ id, origin: 'case' as const, addedAtS, resource }))
  const ofRecord = facts.observations.filter(({ id }) => counted.has(id))
  return [
    ...ofCase.toReversed(),
    ...ofRecord.map(({ id, resource }) => ({ id, origin: 'record' as const, addedAtS: null, resource })),
  ].slice(0, MAX_SHOWN)
}

function modelOf({ file: { model } }: HeldCase, hasModel: boolean, { notes }: Added): CaseDetail['model'] {
  if (model !== null) return { state: model.state, code: model.code, atS: model.atS }
  return { state: hasModel && notes.length === 0 ? 'no-notes' : 'off', code: null, atS: null }
}
