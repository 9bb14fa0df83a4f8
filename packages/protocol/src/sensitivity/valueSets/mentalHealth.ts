import type { SensitiveValueSet } from '../valueSet.ts'
import { MENTAL_HEALTH_CODES } from './mentalHealthCodes.ts'
import { ACES, BILLING, CONSENT2SHARE, DRUGS, ECQM, ICD9, ICD10, OFFLINE, SAMHSA_GROUPS, SHIFT } from './sources.ts'

/**
 * Mental health: disorders, self-harm, tests, therapy and medicines, with disorders of development. Of the degenerative diseases of the brain only what
 * ICD-10 lists among the mental disorders (dementia, F00 to F03) is in it, not the neurological disease.
 */
export const MENTAL_HEALTH: SensitiveValueSet = {
  kind: 'mental-health',
  sources: [ECQM, CONSENT2SHARE, SAMHSA_GROUPS, ACES, SHIFT, ICD10, ICD9, BILLING, DRUGS],
  limits: `${OFFLINE} Medicines count whatever they were given for.`,
  codes: {
    ...MENTAL_HEALTH_CODES,
    'icd-10':
      'F00-F09 F20-F99 G25.61 O99.34 R44 R45 R46 T43 T14.91 X60-X84 Y87.0 Y46 Y47 Y49 Z00.4 Z03.2 Z04.6 Z13.3 Z13.4 Z50.4 Z54.3 Z73.0 Z73.3 Z81.0 Z81.8 Z86.51 Z86.59 Z86.5 Z91.5 Z91.83',
    'icd-9':
      '290 293-302 306-319 648.4 780.1 799.2 969.0-969.5 E950-E959 V11 V15.49 V17.0 V40 V62.83-V62.85 V66.3 V67.3 V70.1 V70.2 V71.0 V79',
    'icd-11': '6A 6B 6C0-6C3 6C5-6C9 6D 6E MB2 MB26 PB8 PB9 PC0-PC9 PD0-PD3 QC46 QE84',
    'icd-10-pcs': 'GZ',
    'icd-9-procedures': '94.0-94.5',
    icpc: 'P0 P10-P14 P20-P29 P7 P8 P9 A77P',
    atc: 'N05A N05B N05CA N06A N06BA N06C N06D',
    cpt: '1220F 90785-90899 96101-96146 96105-96171 96127 97151-97158 99483-99484 99492-99494 97129-97130 80332-80338 80342-80344 80346-80347 80173 80178 G0017-G0018 G0155 G0176-G0177 G0409-G0411 G0444 G0502-G0504 G0507 G0560 G2082-G2083 G2214 G0023-G0024 G0140 G0146 G8431-G8433 G8510-G8511 G9717 H0004 H0017-H0019 H0023-H0025 H0031-H0046 H2000-H2033 S0013 J0400-J0402 J1630-J1631 J1942-J1944 J2060 J2358 J2426-J2427 J2680 J2794 J2798-J2801 J3360 J3486 J3230 M0064 S0201 S9480-S9485 T1025-T1027 T2048 S3005',
    revenue: '0114 0124 0134 0144 0154 0204 0513 0900-0905 0907-0919 0961 1000-1005',
    drg: '876-887',
    'place-of-service': '51-54 56',
    'provider-taxonomy':
      '101Y 102L 102X 103 104100 1041 106 163WP0807-163WP0809 2084 2080P0006 2084P 251V 251S00000X 261QM08 273R 283Q 320800000X 320900000X 322D 323P 310500000X 363LP0808 364SP08 364SP0813',
    'hl7-v3': 'MENTPRG MENTPOL PSYCH PHU PSYCHF PSI',
  },
  icd10Patterns: [
    // The sixth character of poisoning and asphyxiation in ICD-10-CM says the intent: 2 is self-harm.
    /^T(3[6-9]|4\d|5\d|6[0-5]|71)[0-9A-Z]{2}2/,
    // Codes that are one shorter say it in the fifth.
    /^T(3[6-9]|4\d|5\d|6[0-5])\d2(X|$)/,
  ],
  words: [
    '(neuro)?psych(?!omotor|rometr)\\w*',
    'mental(ly)?[- ](health|ill|illness|disorder|disease|problem|retard|handicap|breakdown|hospital|behav|disab|impair|subnormal|state exam)\\w*',
    '(?<!\\bst[- ](segment )?|respiratory |marrow |segment |cns |skull |myocardial |vitality |circulatory |ventilatory )depress(ion|ive|ed (mood|bipolar))\\w*',
    'antidepress\\w*|dysthymi\\w*|cyclothymi\\w*|(low|elevated|labile|disturbed) mood|mood (disorder|disturb|swing|affective|stabili)\\w*|melancholi\\w*|anhedoni\\w*',
    'anxi(ety|ous|olytic)\\w*|panic (disorder|attack)\\w*|nervous breakdown|neurosis|neurotic|neurasthen\\w*|phobi[ac]\\w*|(agora|claustro|acro|arachno|xeno)phobi\\w*',
    'bipolar (disorder|affective|depress|mood|mania|manic|type|i\\b|ii\\b|1|2|illness|disease)\\w*|mania\\b|manic\\b|hypomani\\w*',
    'schizo\\w*|delusion\\w*|hallucination\\w*|paranoi\\w*|catatoni\\w*',
    'suicid\\w*|parasuicid\\w*|self[- ]?(harm|inflicted|injur|mutilat|poison)\\w*|deliberate overdose',
    'post-?[- ]?traumatic stress|(acute |severe )?stress (disorder|reaction|level|management)|adjustment (disorder|reaction)\\w*|burn-?out|emotional(ly)? (disturb|disorder|problem|distress|unstable|health|behav)\\w*',
    'obsessive|compulsive|eating disorder\\w*|anorexia nervosa|bulimi\\w*|binge[- ]eating|personality disorder\\w*|dissociative|conversion disorder|somatoform|somati[sz]ation|factitious disorder|munchausen\\w*|premenstrual dysphoric|stammer\\w*|crisis intervention|kleptomani\\w*|pyromani\\w*|trichotillomani\\w*|conduct disorder|oppositional defiant|intermittent explosive',
    'autis\\w*|asperger\\w*|attention[- ]deficit|hyperactivity|hyperkinetic disorder|intellectual(ly)? disab\\w*|learning disab\\w*|developmental (disab|disorder|delay)\\w*|tourette\\w*|tic disorder\\w*',
    'behaviou?r(al)? (health|therap|disorder|problem|disturb|manag|modif|unit|intervention)\\w*|cognitive[- ](and )?behaviou?r\\w*|dialectical|counsell?ing for (stress|depress|anxi)\\w*|electroconvulsive|transcranial magnetic|mindfulness[- ]based',
    'phq-?[289]\\b|patient health questionnaire|gad-?[27]\\b|beck (depress|anxiety)\\w*|edinburgh postnatal|hamilton (depress|anxiety|rating)\\w*|columbia[- ]suicide|mood disorder questionnaire|geriatric depression scale|vanderbilt adhd',
    'fluoxetine|sertraline|paroxetine|citalopram|escitalopram|fluvoxamine|venlafaxine|desvenlafaxine|duloxetine|levomilnacipran|milnacipran|bupropion|mirtazapine|trazodone|nefazodone|vilazodone|vortioxetine|amitriptyline|nortriptyline|imipramine|desipramine|clomipramine|doxepin|protriptyline|trimipramine|amoxapine|maprotiline|phenelzine|tranylcypromine|isocarboxazid|moclobemide|agomelatine|esketamine|brexanolone|zuranolone|gepirone',
    '(pali|ris|ilo)peridone|olanzapine|quetiapine|aripiprazole|brexpiprazole|cariprazine|ziprasidone|lurasidone|asenapine|lumateperone|clozapine|haloperidol|chlorpromazine|fluphenazine|perphenazine|thioridazine|trifluoperazine|thiothixene|loxapine|molindone|pimozide|pimavanserin|zuclopenthixol|flupenti?xol|amisulpride|sulpiride|xanomeline|lithium\\b',
    'buspirone|alprazolam|lorazepam|diazepam|clonazepam|chlordiazepoxide|oxazepam|clorazepate|meprobamate|hydroxyzine pamoate|(dex)?methylphenidate|(lis)?dexam(ph|f)etamine|amfetamine|triazolam|dextroamphetamine|amphetamine\\b|atomoxetine|viloxazine|pemoline',
    'zyban|symbyax|silenor|desyrel|limbitrol|nardil|sarafem|serzone|prozac|zoloft|paxil|celexa|lexapro|effexor|pristiq|cymbalta|wellbutrin|remeron|abilify|zyprexa|seroquel|risperdal|geodon|latuda|invega|haldol|xanax|ativan|valium|klonopin|ritalin|adderall|concerta|focalin|strattera|vyvanse|lithobid|rexulti|vraylar|clozaril|spravato|caplyta|saphris|trintellix|viibryd|buspar|luvox|elavil|pamelor|tofranil|anafranil',
  ],
  exactWords: ['PTSD\\b', 'OCD\\b', 'ADHD\\b', 'ECT\\b', 'MDD\\b', 'CBT\\b', 'DBT\\b', 'CAMHS\\b', 'IAPT\\b'],
  noteWords: [
    'psych|schizo|bipolar|manic|mania|depressi|depressed mood|anxiety|panic attack|suicid|self.?harm|overdose|ptsd|post.?traumatic|anorexi|bulimi|eating disorder|personality disorder|hallucinat|delusion|lithium|clozapin|olanzapin|risperidon|quetiapin|aripiprazol|haloperidol|sertralin|fluoxetin|citalopram|escitalopram|paroxetin|venlafaxin|mirtazapin|adhd|autis|sectioned|phq-?\\d|gad-?7',
  ],
}
