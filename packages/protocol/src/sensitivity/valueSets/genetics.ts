import type { SensitiveValueSet } from '../valueSet.ts'
import { GENETIC_CODES } from './geneticCodes.ts'
import { BILLING, DRUGS, ECQM, ICD9, ICD10, OFFLINE, SHIFT } from './sources.ts'

/** Genetic information: tests, carriers, inherited and chromosomal diseases, and cancer in the family. */
export const GENETICS: SensitiveValueSet = {
  kind: 'genetic',
  sources: [
    ECQM,
    SHIFT,
    ICD10,
    ICD9,
    BILLING,
    DRUGS,
    { title: 'HL7 Genomics Reporting 2.0 (LOINC); Genetic Information Nondiscrimination Act, for family history', date: '2022-05-09' },
  ],
  limits: `${OFFLINE} LOINC lists thousands of single genes; all but the usual ones are found by the word "gene". Of congenital malformations only those of known inheritance are in it.`,
  codes: {
    ...GENETIC_CODES,
    'icd-10':
      'D55-D58 D66-D67 D68.0-D68.2 D68.5 D80-D82 D84.1 E70-E72 E74-E77 E79.1 E80 E83.0 E83.11 E84 E85.0 E85.1 E88.01 G10 G11 G12 G23.0 G60.0 G71.0-G71.2 G90.1 H35.5 H53.5 N25.1 N07 Q61.1-Q61.3 Q77 Q78 Q79.6 Q80-Q82 Q85 Q87 Q90-Q99 Z13.7 Z14 Z15 Z31.43 Z31.44 Z31.5 Z36.0 Z80 Z82.7 Z84.81',
    'icd-9':
      '270 271 272.7 273.4 275.0 275.1 277.0 277.1 277.2 277.5 277.6 277.8 279.0-279.2 282 286.0-286.4 289.81 330 333.4 334 335.0 335.1 356.1 359.0 359.1 359.2 362.7 655.1 655.2 753.12-753.14 756.5 757.1 757.3 758 759.5 759.6 759.81-759.83 V16 V18.9 V26.3 V82.7 V83 V84 795.2',
    'icd-11': 'LD2 LD4 3A50 3A51 3A6 5C5 CA25 8A01 8C70 KD3A QC61 QC62',
    icpc: 'A90 B78 B79 T80',
    atc: 'R07AX A16AB A16AX M09AX B06AC B02BD',
    cpt: '81105-81479 81490-81599 88230-88299 96040-96041 83080 G0452 G9143 S0265 S3800-S3870 0001M-0020M 0001U-0999U',
    'provider-taxonomy': '207SG 207SC 207SM 170100000X 170300000X 246QM0900',
    'hl7-v3': 'GENE',
  },
  words: [
    'genetic\\w*|cytogenetic\\w*|genom\\w*|pharmacogen\\w*|genotyp\\w*|haplotyp\\w*|hereditary|heredit\\w*|inherited|familial (adenomat|mediterranean|cancer|polypos)\\w*|chromosom\\w*|karyotyp\\w*|microdeletion|aneuploid\\w*|trisom\\w*|monosom\\w*|exome|mutation\\w*|germline|(genetic )?carrier (screen|status|of (cystic|genetic|hered|sickle|ha?emoph|x-linked|recess|duchenne|fragile|brca))\\w*|brca ?[12]?\\b|variant (of uncertain|analysis|interpretation|classification)|gene (mutation|variant|panel|analysis|test|sequenc|deletion|duplic|rearrang|therapy|studied|target|product|allele|cod)\\w*',
    "down('?s)? syndrome|sickle|thalass?emia\\w*|hemoglobin s\\b|cystic fibrosis|huntington('?s)?\\b|ha?emophilia|von willebrand|lynch syndrome|marfan\\w*|fragile x|factor v leiden|turner('?s)? syndrome|klinefelter\\w*|tay[- ]sachs|phenylketonuria|muscular dystrophy|neurofibromatosis|ehlers[- ]danlos|gaucher|fabry disease|pompe disease|wilson('?s)? disease|ha?emochromatosis|spinal muscular atroph\\w*|polycystic kidney|tuberous sclerosis|li[- ]fraumeni|prader[- ]willi|angelman|charcot[- ]marie|galactos?emia|alpha-?1[- ]antitrypsin deficien\\w*|porphyria|friedreich\\w*|osteogenesis imperfecta|achondroplas\\w*|albinism|usher syndrome|retinitis pigmentosa",
    'family history of (malignan|cancer|breast|ovar|colon|genetic|carrier|hereditary)\\w*|newborn metabolic screen\\w*|spina bifida',
    'ivacaftor|lumacaftor|elexacaftor|tezacaftor|nusinersen|risdiplam|onasemnogene|eteplirsen|imiglucerase|voxelotor|crizanlizumab|agalsidase|alglucosidase|trikafta|kalydeco|orkambi|spinraza|zolgensma|oxbryta|adakveo',
  ],
  exactWords: ['genes?\\b', 'BRCA[12]?\\b', 'CFTR\\b', 'FISH analysis', 'MTHFR\\b', 'HLA-B'],
  noteWords: [
    'genetic|gene\\b|genes\\b|genom|brca|mutation|carrier (?:of|for|status)|hereditar|karyotyp|trisomy|lynch syndrome|huntington|cystic fibrosis|sickle|thalassa?emi|exome|heterozyg|homozyg|apoe',
  ],
}
