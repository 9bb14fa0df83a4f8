import type { SensitiveValueSet } from '../valueSet.ts'
import { ACES, ECQM, ICD9, ICD10, OFFLINE, SHIFT } from './sources.ts'
import { VIOLENCE_CODES } from './violenceCodes.ts'

/** Violence and abuse: sexual assault, domestic violence, abuse and neglect of children and adults, assault, screening for them. */
export const VIOLENCE: SensitiveValueSet = {
  kind: 'violence',
  sources: [ACES, ECQM, SHIFT, ICD10, ICD9],
  limits: OFFLINE,
  codes: {
    ...VIOLENCE_CODES,
    'icd-10':
      'N90.81 O9A.3-O9A.5 R45.6 T74 T76 X85-X99 Y00-Y09 Y87.1 Z04.4 Z04.5 Z04.7 Z04.8 Z56.81 Z61.4-Z61.6 Z62 Z63.0 Z65.4 Z69 Z91.41 Z91.42',
    'icd-9': '629.2 995.5 995.8 E960-E969 V15.41 V15.42 V61.1 V61.21 V62.83 V71.5 V71.6 V71.81',
    'icd-11': 'PD5-PD9 PE PF0-PF2 PJ QE51 QE52 QE82 NF08 QA04.5 GC51',
    icpc: 'Z12 Z13 Z16 Z25',
    cpt: '99170 G9920-G9921',
    'provider-taxonomy': '163WX1500',
  },
  icd10Patterns: [
    // As for self-harm: 3 is assault.
    /^T(3[6-9]|4\d|5\d|6[0-5]|71)[0-9A-Z]{2}3/,
    /^T(3[6-9]|4\d|5\d|6[0-5])\d3(X|$)/,
  ],
  words: [
    'domestic (abus|violen|incident|assault)\\w*|(intimate partner|partner|spous\\w*|child|adult|elder\\w*|sexual|physical|emotional|psychological|mental|verbal|financial|family|dating)[- ](or \\w+ )?abus\\w*|abus(e|ed|ive) (of|by|child|adult|wife|husband|partner|spouse|parent|relationship|history of)\\b|intimate partner|(history|victim|survivor|suspected|alleged|risk|perpetrator) of (\\w+ ){0,3}abuse',
    'violen(ce|t)\\b|victim of|batter(ed|ing) (child|wife|woman|spouse|person|baby|person|adult|husband)|maltreat\\w*|mistreat\\w*|(child|adult|elder\\w*|parental|medical|emotional|physical|self)[- ]neglect\\w*|neglect (of|or abandonment|by)\\b|non-?accidental\\w*|(?<!\\w[ -])(abuse|neglect)\\b(?! of (drug|alcohol|substance|medic|laxat|tobacco))|subjected to abuse|child sex abuse|(at )?risk of neglect|neglect in upbringing|shaken (baby|infant)',
    'sexual(ly)? (assault|abus|violen|exploit|harass|coerc|trauma|molest|traffick)\\w*|rape[ds]?\\b|molest\\w*|incest\\w*|assault\\w*|human traffick\\w*|traffick\\w*|genital mutilation|tortur\\w*|stalking|homicid\\w*|honou?r[- ]based|forced marriage|afraid of your partner',
    'humiliation, afraid|hurt, insult|hark (questionnaire|domestic)|safeguarding|military sexual trauma|child protection',
  ],
  exactWords: ['FGM\\b', 'HARK\\b'],
  noteWords: [
    'violen|abus|assault|rape\\b|raped|domestic|partner hit|hits? (?:her|him)|beaten|battered|stab(?:bed|bing)|gunshot|neglect|traffick|female genital|fgm\\b|safeguard|afraid of (?:her|his|their)',
  ],
}
