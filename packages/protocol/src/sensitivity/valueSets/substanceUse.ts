import type { SensitiveValueSet } from '../valueSet.ts'
import { ACES, BILLING, CONSENT2SHARE, DRUGS, ECQM, ICD9, ICD10, OFFLINE, SAMHSA_GROUPS, SHIFT } from './sources.ts'
import { SUBSTANCE_USE_CODES } from './substanceUseCodes.ts'

/**
 * Alcohol and drugs: use, dependence, harm, tests and treatment. Smoking status is not in it (42 CFR Part 2 does not protect it), dependence on nicotine as a
 * diagnosis is, since it stands in the same block of ICD-10.
 */
export const SUBSTANCE_USE: SensitiveValueSet = {
  kind: 'substance-use',
  sources: [CONSENT2SHARE, SAMHSA_GROUPS, ECQM, ACES, SHIFT, ICD10, ICD9, BILLING, DRUGS],
  limits: `${OFFLINE} Opioids given for pain are not in it, but tests for them are.`,
  codes: {
    ...SUBSTANCE_USE_CODES,
    'icd-10':
      'F10-F19 F55 K70 K85.2 K86.0 K29.2 G31.2 G62.1 G72.1 I42.6 E24.4 O35.4 O35.5 O99.31 O99.32 P04.3 P04.4 P04.81 P96.1 Q86.0 R78.0-R78.6 R82.5 T40 T42.3 T42.4 T43.6 T50.7 T51 X41 X42 X45 X61 X62 X65 Y11 Y12 Y15 Y90 Y91 Z02.83 Z04.0 Z50.2 Z50.3 Z71.4-Z71.6 Z72.1 Z72.2 Z79.891 Z81.1-Z81.4 Z86.4',
    'icd-9':
      '291 292 303-305 357.5 425.5 535.3 571.0-571.3 648.3 655.5 760.71-760.73 760.75 779.5 790.3 965.0 967 969.4-969.7 970.81 980.0 E850 E852 E853 E854 E860 E935.0-E935.2 V11.3 V65.42 V70.4 V79.1',
    'icd-11': '6C4 QC48 QD8 MB95 XM0 NE60',
    'icd-10-pcs': 'HZ',
    'icd-9-procedures': '94.6',
    icpc: 'P15 P16 P17 P18 P19',
    atc: 'N07B N02AE01 N02AC52 N02AC06 V03AB15 V03AB22',
    cpt: '4320F 80100-80104 80184 80305-80307 80320-80377 82055 82075 82077 82101 99408-99409 G0137 G0396-G0397 G0442-G0443 G0477-G0483 G0516-G0518 G0659 G2011 G2067-G2080 G2086-G2088 G2172 G2200 G2215-G2216 G1028 H0001-H0030 H0033 H0047-H0050 H2034-H2037 J0570-J0578 J0592 J1230 J2310-J2311 J2315 Q9991-Q9992 S0109 S9475 T1006-T1012 S5000 S3005',
    revenue: '0116 0126 0136 0146 0156 0906 0944 0945 0953',
    drg: '894-897',
    'place-of-service': '55 57 58',
    'provider-taxonomy':
      '101YA0400 2084A 207LA0401 207QA0401 207RA0401 2083A 163WA0400 103TA0400 251S 261QM2800 261QR0405 276400000X 324500000X 3245S 3747A',
    'hl7-v3': 'SUBPRG SUBPOL DRGRHB',
  },
  words: [
    '(?<!non[- ]?|isopropyl |benzyl |polyvinyl |cetyl |stearyl |wool |sugar )alcohol(?!-free| free|-based| based| swab| pad| prep| wipe| rub| sensitiv)\\w*',
    'ethanol\\b',
    'drunk\\w*|drinking (problem|history|behaviou?r)|binge drink\\w*|drinks? alcohol\\w*|heavy drinker|delirium tremens|korsakoff|wernicke',
    'substance[- ](use|abus|misus|depend|disorder|induced|related)\\w*',
    'chemical(ly)? depend\\w*',
    '(drugs?|narcotic|illicit drug|recreational drug)s?[- ](abus|misus|depend|addict|rehab|detox|seeking|use\\b|user|overdose|screen|withdrawal)\\w*',
    'drugs? of (abuse|addiction)|(misus|abus)es? (of )?(drug|substance|medication|prescription)\\w*|illicit drug\\w*|recreational drug\\w*',
    '(opioid|opiate|stimulant|sedative|hypnotic|anxiolytic|inhalant|solvent|glue|hallucinogen|benzodiazepine|barbiturate|ketamine|steroid|laxative|nicotine|tobacco|codeine|morphine|oxycodone|hydrocodone|fentanyl|tramadol|methylphenidate|amphetamine)s?[- ](related |induced |use |type |or \\w+ )?(abus|misus|depend|addict|use disorder|disorder|withdrawal|intoxic|overdose|detox|antagonist|substitut|maintenance|agonist)\\w*',
    'addict\\w*|overdos\\w*|detoxif\\w*|sobriety|alcoholics anonymous|narcotics anonymous|needle exchange|inject\\w* drug\\w*|intravenous drug (use|abuse)\\w*',
    'medication[- ]assisted treatment|toxicology screen\\w*|tox screen|breathalys\\w*|breathalyz\\w*',
    'heroin|diamorphine|opiates\\b|norfentanyl|cocaethylene|psilocin|glue sniffing|(misus|abus)e (of )?\\w*(amphetamine|amfetamine|ecstasy|heroin|cocaine)\\w*|ecstasy (use|misuse|abuse)|cocaine|cannabi\\w*|cannabinoid\\w*|marijuana|marihuana|hashish|tetrahydrocannabinol|methamphetamine\\w*|amphetamines\\b|benzoylecgonine|phencyclidine|lysergic|psilocyb\\w*|mescaline|6-?monoacetylmorphine|ethyl glucuronide|phosphatidylethanol|kratom|methylenedioxy\\w*',
    'buprenorphine|norbuprenorphine|naltrexone|methadone|disulfiram|acamprosate|lofexidine|naloxone|nalmefene|levomethadone|varenicline',
    'suboxone|subutex|sublocade|brixadi|zubsolv|bunavail|probuphine|vivitrol|butrans|buprenex|depade|revia\\b|antabuse|campral|lucemyra|narcan|dolophine|methadose|chantix',
    'audit-?c\\b|dast-?10|crafft|cage questionnaire|car, relax, alone',
  ],
  exactWords: ['LSD\\b', 'MDMA\\b', 'THC\\b', 'SUD\\b', 'OUD\\b', 'AUD\\b', 'AUDIT\\b', 'IVDU\\b'],
  noteWords: [
    'alcohol|drink(?:s|ing)? (?:heav|too|daily|wine|beer|vodka|whisk)|(?:he|she|they) drinks|drunk|intoxicat|cocaine|crack\\b|heroin|opioid|opiate|methadon|buprenorphin|suboxon|naltrexon|naloxon|disulfiram|acamprosat|amphetamin|cannabis|marijuana|ecstasy|ketamine use|addict|substance (?:use|misuse|abuse)|drug (?:use|misuse|abuse)|withdrawal|needle exchange|detox|aud(?:it)?-?c\\b',
  ],
}
