/** Notes, read by rules or by a model, raise a score by this much at the most. */
export const NOTE_BAND = 10

/** Signs that call for somebody at once, that call for somebody soon, and a professional's worry without one. */
const AT_ONCE = 10
const SOON = 7
const CONCERN = 4

/** A sign that a note can tell of. `words` is matched without regard to case, at the start of a word; `.` in it is any sign, as in "x-ray". */
export type Sign = { readonly rule: string; readonly raise: number; readonly reason: string; readonly words: RegExp }

const sign = (rule: string, raise: number, reason: string, words: RegExp): Sign => ({ rule, raise, reason, words })

/**
 * What the rule extractor looks for. English; adjectives and nouns that clinicians write, no abbreviation that also means something harmless.
 * @source mottled, cyanosis, rash, anuria, confusion: NICE NG51 / NG253, high-risk criteria for adults.
 * @source airway, breathing, bleeding, seizure: the immediate and very urgent discriminators common to the Manchester Triage System.
 * @source chest pain: NICE CG95; stroke: NICE NG128 (FAST); anaphylaxis: NICE CG134; immunosuppression: NICE NG51, risk factors.
 * @source concern: RCP, NEWS2 2017: a professional's concern overrides a low score.
 */
export const SIGNS: readonly Sign[] = [
  sign('airway', AT_ONCE, 'The airway may be at risk.', /\bstridor|\bairway (?:compromise|obstruct|at risk)|\bchoking/g),
  sign('mottled', AT_ONCE, 'Mottled or ashen skin.', /\bmottl(?:ed|ing)|\bashen/g),
  sign('cyanosis', AT_ONCE, 'Cyanosis.', /\bcyanos(?:is|ed)|\bcyanotic|\bblue lips/g),
  sign('rash', AT_ONCE, 'A rash that does not blanch.', /\bnon.?blanching|\bpurpur(?:a|ic)|\bpetechia/g),
  sign(
    'seizure',
    AT_ONCE,
    'A seizure.',
    /\bseizing|\bstatus epilepticus|\b(?:is|still|currently|was) fitting\b|\bongoing seizure|\bactive seizure/g,
  ),
  sign('anaphylaxis', AT_ONCE, 'Anaphylaxis.', /\banaphyla(?:xis|ctic)/g),
  sign(
    'bleeding',
    AT_ONCE,
    'Major bleeding.',
    /\bmajor h(?:a)?emorrhage|\bexsanguinat|\b(?:heavy|uncontrolled|active) bleeding|\bh(?:a)?ematemesis/g,
  ),
  sign('infarction', AT_ONCE, 'Signs of a heart attack.', /\bst.?elevation|\bstemi\b|\b(?:crushing|central) chest pain/g),
  sign(
    'stroke',
    AT_ONCE,
    'Signs of a stroke.',
    /\bfacial droop|\bslurred speech|\b(?:sudden|new) (?:\w+ )?(?:arm |leg |facial )?weakness|\bhemipar|\bfast.positive/g,
  ),
  sign('anuria', SOON, 'No urine.', /\banuri[ac]|\bnot passed urine|\bno urine (?:output|for|since)/g),
  sign('confusion', SOON, 'New confusion.', /\bnew(?:ly)? confus|\bacute(?:ly)? confus|\bdeliri(?:um|ous)|\bobtunded/g),
  sign(
    'exhaustion',
    SOON,
    'Tiring, or unable to speak whole sentences.',
    /\bunable to (?:speak|complete) (?:full |whole )?sentences|\btiring\b|\bsilent chest/g,
  ),
  sign('sepsis', SOON, 'Sepsis is suspected.', /\bseptic\b|\bsepsis/g),
  sign('immunosuppression', SOON, 'Weakened immune system.', /\bneutropeni[ac]|\bimmunosuppress|\bimmunocompromised/g),
  sign('deterioration', SOON, 'Getting worse.', /\brapid(?:ly)? deteriorat|\bdeteriorating|\bperi.?arrest/g),
  sign(
    'concern',
    CONCERN,
    'A professional is concerned.',
    /\b(?:very|extremely|staff|nurs\w+|clinical(?:ly)?) concern|\bgut feeling|\blooks (?:very |really )?unwell/g,
  ),
]
