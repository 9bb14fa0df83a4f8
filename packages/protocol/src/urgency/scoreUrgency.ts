import { type CoreScore, scoreCore } from './coreScore.ts'
import { findModifiers, type Modifier, modifierRaise } from './modifiers.ts'
import { type Note, type NoteFinding, readNotes } from './notes.ts'
import { type CaseObservations, type Refused, readVitals } from './readVitals.ts'
import { NOTE_BAND } from './signs.ts'
import { type Heard, PROMPT_VERSION, type Suggestion } from './suggestion.ts'
import { type OxygenScale, PARAMETERS, type Parameter } from './vitals.ts'

/** Changes when the same input may give another score; a score is only comparable with one of the same version. */
export const URGENCY_VERSION = 'news2-2017.1'

/** Everything that a score is made of: nothing else about the patient is known here, so nothing else can count. */
export type Case = CaseObservations & {
  readonly notes?: readonly Note[]
  /** Scale 1 unless a clinician prescribed a target of 88-92 % for this patient. */ readonly oxygenScale?: OxygenScale
  /** A model's answer as `readSuggestion` gave it; left out when there is no model, or it was late. */ readonly heard?: Heard | undefined
}

/** Points of one parameter, and the observations they come from; none when it is missing. */
export type VitalEvidence = { readonly parameter: Parameter; readonly points: number; readonly sources: readonly string[] }

/** An urgency score with all that a clinician needs to check it. Whole numbers. Ids and points; the notes' quotes are its only contents. */
export type UrgencyScore = {
  readonly version: string
  /** 0-100: `floor` plus what the notes raise. */ readonly score: number
  /** The deterministic part: core and modifiers. The score is never below it. */ readonly floor: number
  readonly core: number
  /** The floor if everything unknown were at its worst; equal to `floor` when all is known. What measuring can still bring to light. */
  readonly worst: number
  readonly news2: CoreScore['news2']
  readonly scoredAtS: number
  readonly evidence: {
    readonly vitals: readonly VitalEvidence[]
    readonly modifiers: readonly Modifier[]
    readonly notes: readonly NoteFinding[]
    readonly suggestion: Suggestion | undefined
  }
  readonly missing: readonly Parameter[]
  readonly outdated: readonly Parameter[]
  /** Values that were not taken, and why. */ readonly implausible: readonly Refused[]
  /** Codes with words in `errorWords`: notes cut short, a suggestion that was refused. */ readonly remarks: readonly Remark[]
}
export type Remark = { readonly code: 'urgency/note-too-long' | Extract<Heard, { refused: string }>['refused']; readonly note?: string }

/**
 * Scores a case. score = core (NEWS2) + highest modifier + highest raise of the notes, each stage only adding.
 * @throws {UrgencyError} The observations are of more than one patient.
 * @example
 * scoreUrgency({ observations, episodeFromS, nowS, notes: [{ id: 'n1', text: 'Skin mottled to the knees.' }] }) // score: floor + 10
 */
export function scoreUrgency({ notes = [], oxygenScale = 1, heard, ...observed }: Case): UrgencyScore {
  const vitals = readVitals(observed)
  const { core, news2, worstCore } = scoreCore(vitals, oxygenScale)
  const modifiers = findModifiers(vitals, core)
  const { findings, cut } = readNotes(notes)
  const suggestion = heard !== undefined && 'taken' in heard ? heard.taken : undefined
  const floor = core + modifierRaise(modifiers)
  return {
    version: heard === undefined ? URGENCY_VERSION : `${URGENCY_VERSION}+prompt.${PROMPT_VERSION}`,
    score: floor + noteRaise(findings, suggestion),
    floor,
    core,
    worst: worstCore + modifierRaise(findModifiers(vitals, worstCore)),
    news2,
    scoredAtS: observed.nowS,
    evidence: { vitals: vitalEvidence(vitals, news2.points), modifiers, notes: findings, suggestion },
    missing: vitals.missing,
    outdated: vitals.outdated,
    implausible: vitals.refused,
    remarks: remarksOf(cut, heard),
  }
}

/** The highest single raise, so that repeating a sign, or a rule and a model that saw the same one, adds nothing. */
function noteRaise(findings: readonly NoteFinding[], suggestion: Suggestion | undefined): number {
  return Math.min(NOTE_BAND, Math.max(0, suggestion?.raise ?? 0, ...findings.map(({ raise }) => raise)))
}

function vitalEvidence({ held }: ReturnType<typeof readVitals>, points: CoreScore['news2']['points']): VitalEvidence[] {
  return PARAMETERS.map((parameter) => ({ parameter, points: points[parameter], sources: held[parameter]?.sources ?? [] }))
}

function remarksOf(cut: readonly string[], heard: Heard | undefined): Remark[] {
  const tooLong = cut.map((note): Remark => ({ code: 'urgency/note-too-long', note }))
  return heard !== undefined && 'refused' in heard ? [...tooLong, { code: heard.refused }] : tooLong
}
