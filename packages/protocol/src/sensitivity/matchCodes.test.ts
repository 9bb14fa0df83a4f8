import { describe, expect, test } from 'vitest'
import type { SensitivityKey } from '../categories.ts'
import { codeSystemOf } from './codeSystems.ts'
import { kindsOfCodesIn, kindsOfCoding } from './matchCodes.ts'
import { kindsOfText } from './matchWords.ts'
import { VALUE_SETS } from './valueSets/index.ts'

const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm'
const ICD9 = 'http://hl7.org/fhir/sid/icd-9-cm'
const SNOMED = 'http://snomed.info/sct'
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const LOINC = 'http://loinc.org'
const CPT = 'http://www.ama-assn.org/go/cpt'
const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets'
const ATC = 'http://www.whocc.no/atc'
const PCS = 'http://www.cms.gov/Medicare/Coding/ICD10'

/** Codes alone, without display: kind, system, codes separated by blanks. */
const SENSITIVE: readonly (readonly [SensitivityKey, string, string])[] = [
  ['hiv', ICD10CM, 'B20 B97.35 Z21 R75 O98.711 O98.72 O98.73 Z20.6 Z11.4 Z71.7 B22.0 B23.8 B24'],
  ['hiv', ICD9, '042 V08 795.71 079.53 V65.44'],
  ['hiv', SNOMED, '86406008 62479008 165816005 91947003 111880001 52079000 420524008 713506004 31676001'],
  ['hiv', RXNORM, '1999667 195085 276237 343047 460132 1433868 719872 68244 11413 643066 1433873 2122519 85762 53654 1102270'],
  ['hiv', ATC, 'J05AE08 J05AF07 J05AG03 J05AJ01 J05AR20 J05AX09'],
  ['hiv', LOINC, '20447-9 75622-1 7917-8 25835-0 24467-3 29893-5 56888-1 5221-7 5220-9 48345-3 89374-3 80387-4 8127-3 54218-3'],
  ['hiv', CPT, '86689 86701 86702 86703 87389 87390 87391 87534 87535 87536 87539 87901 87806 86360'],
  ['hiv', HCPCS, 'G0432 G0433 G0435 G0475 J0741'],
  ['substance-use', ICD10CM, 'F10.20 F11.20 F12.10 F13.239 F14.20 F15.20 F16.20 F17.210 F18.10 F19.20 K70.30 T40.2X1A T40.1X1A T51.0X1A'],
  ['substance-use', ICD10CM, 'Z71.41 Z71.51 Z72.2 R78.0 Y90.6 O99.320 O99.311 P96.1 Q86.0 G62.1 I42.6 K29.20 Z81.1 Z79.891 Z02.83 K86.0'],
  ['substance-use', ICD9, '303.90 304.00 305.00 305.20 291.81 292.0 571.2 965.01 980.0 V11.3 V65.42'],
  [
    'substance-use',
    SNOMED,
    '6525002 55680006 5602001 361055000 7200002 66590003 15167005 75544000 56876005 1149222004 428211000124100 713106006',
  ],
  ['substance-use', RXNORM, '1819 7243 6813 3554 82819 351266 864706 1010600 238129'],
  ['substance-use', ATC, 'N07BC01 N07BC02 N07BB01 N07BB03 N07BB04 N07BA01'],
  [
    'substance-use',
    LOINC,
    '74013-4 65750-2 72109-2 75626-2 82666-9 82667-7 5643-2 5640-8 3426-4 3397-7 3390-2 3393-6 19659-2 45324-1 19261-7',
  ],
  ['substance-use', CPT, '80305 80306 80307 80320 80353 82077 99408 99409'],
  ['substance-use', HCPCS, 'H0001 H0004 H0010 H0015 H0020 G0396 G0397 G0442 G0443 G2067 G2078 J0571 J0575 J2315 G0480 H0050 T1012'],
  ['substance-use', PCS, 'HZ2ZZZZ HZ30ZZZ HZ81ZZZ'],
  [
    'mental-health',
    ICD10CM,
    'F20.9 F32.9 F33.1 F31.81 F41.1 F41.9 F43.10 F42.2 F50.00 F60.3 F84.0 F90.2 F70 F03.90 F25.0 F22 F40.10 F44.5 F63.0 F99',
  ],
  [
    'mental-health',
    ICD10CM,
    'R45.851 T14.91XA X71.0XXA X83.8XXA Z91.51 T39.1X2A T36.92XA T58.02XA T71.112A R44.0 Z13.31 Z86.59 Z81.8 T43.222A Z73.0',
  ],
  ['mental-health', 'http://hl7.org/fhir/sid/icd-10', 'F32.2 X60 X70 X84 F00.1'],
  ['mental-health', ICD9, '295.30 296.20 300.00 300.4 301.83 309.81 311 314.01 299.00 E950.0 V62.84 307.1'],
  [
    'mental-health',
    SNOMED,
    '35489007 370143000 58214004 13746004 47505003 48694002 197480006 192127007 86849004 406506008 44301001 17226007 371631005',
  ],
  [
    'mental-health',
    RXNORM,
    '4493 36437 321988 32937 39786 42347 704 89013 61381 35636 51272 2626 5093 6448 6901 3322 6470 596 72625 15996',
  ],
  ['mental-health', ATC, 'N05AH03 N05AN01 N05BA12 N06AB06 N06AX16 N06BA04 N06DA02'],
  ['mental-health', LOINC, '44249-1 44261-6 69737-5 70274-6 55757-9 55758-7 89204-2 71354-5 44260-8 69725-0'],
  ['mental-health', CPT, '90785 90791 90792 90832 90834 90837 90847 90853 90870 96127 96130 96136 99492'],
  ['mental-health', HCPCS, 'H0031 H0036 H0046 H2011 H2019 G0444 G2082 S9480 J2426'],
  ['mental-health', PCS, 'GZB0ZZZ GZ58ZZZ GZ10ZZZ'],
  ['sexual-health', ICD10CM, 'A51.0 A54.9 A56.11 A60.04 A63.0 A53.9 N97.9 N46.9 F52.21 F64.0 E28.2 N73.9 N80.9 N91.2 N94.6 N52.9'],
  [
    'sexual-health',
    ICD10CM,
    'O00.101 O03.9 O09.90 O24.410 O80 O04.80 O99.810 Z30.011 Z30.430 Z31.41 Z32.01 Z33.1 Z33.2 Z34.00 Z36.9 Z37.0 Z39.2 Z3A.20',
  ],
  ['sexual-health', ICD10CM, 'Z64.0 Z70.1 Z72.51 Z79.3 Z87.890 Z97.5 Z98.51 Z98.52 Z11.3 Z20.2 Z87.59 T83.32XA R87.810'],
  ['sexual-health', ICD9, '090.0 098.0 099.41 614.9 628.9 632 635.90 650 V22.1 V24.2 V25.09 V26.21 V27.0 V28.3 054.10 607.84'],
  [
    'sexual-health',
    SNOMED,
    '72892002 77386006 161744009 19169002 156073000 424441002 169745008 18391007 15628003 76272004 11466000 42035005',
  ],
  ['sexual-health', RXNORM, '748856 807283 6373 7514 22656 330381 136411 389221 1856546'],
  ['sexual-health', ATC, 'G03AA07 G02BA03 G03GB02 G03XB01 G04BE03'],
  ['sexual-health', LOINC, '8689-2 76690-7 76691-5 2106-3 2110-5 21198-7 82810-3 11996-6 8665-2 45084-1 8663-7 693-2'],
  [
    'sexual-health',
    CPT,
    '59400 59510 59840 59841 58300 58301 58600 58970 55250 76801 76805 81025 84702 86592 86780 87491 87591 89250 11981',
  ],
  ['sexual-health', HCPCS, 'S0190 S0191 S0199 S2260 S4981 J7296 J7307 H1000 J1050'],
  ['sexual-health', PCS, '10D00Z1 10E0XZZ 10A07ZZ 0UL74ZZ 0VTQ0ZZ 4A1HXCZ'],
  ['violence', ICD10CM, 'T74.11XA T74.21XA T74.02XA T74.4XXA T76.12XA T76.21XA Y07.01 Y07.9 X92.XXXA X99.0XXA Y09 Y04.0XXA Z69.11 Z69.010'],
  ['violence', ICD10CM, 'Z62.810 Z62.811 Z63.0 Z91.410 Z91.411 Z04.41 Z04.71 O9A.311 T40.2X3A T58.03XA T71.113A R45.6'],
  ['violence', 'http://hl7.org/fhir/sid/icd-10', 'T74.1 X85 X99 Y05 Y08'],
  ['violence', ICD9, '995.81 995.83 995.50 E960.1 E968.9 V15.41 V61.11 V71.5'],
  [
    'violence',
    SNOMED,
    '706893006 424393004 371772001 90774003 412732008 397940009 225826001 225824003 371779005 39379000 720684005 866148006',
  ],
  ['violence', LOINC, '76499-3 76501-6 76504-0 76500-8 95618-5'],
  ['violence', CPT, '99170'],
  [
    'genetic',
    ICD10CM,
    'D56.1 D57.1 D57.3 D66 D68.51 E84.0 E75.21 G10 G71.01 Q90.9 Q99.9 Q85.01 Q87.40 Q98.0 Z13.71 Z14.1 Z14.8 Z15.01 Z15.09 Z31.430 Z31.5 Z80.3',
  ],
  ['genetic', ICD9, '282.60 282.41 277.00 286.0 333.4 758.0 759.82 V83.81 V84.01 V26.31 V82.79'],
  ['genetic', SNOMED, '190905008 127040003 417357006 41040004 56265001 58756001 412734009 86964003 267253006'],
  ['genetic', ATC, 'R07AX02 R07AX32 M09AX07 A16AB02'],
  ['genetic', LOINC, '51969-4 81247-9 21636-6 48018-6 69548-6 53037-8 81252-9 38531-0 21667-1 86205-2'],
  ['genetic', CPT, '81162 81211 81220 81225 81400 81408 81432 81479 81519 88262 88291 96040 0037U 0012M'],
]

const ORDINARY: readonly (readonly [string, string, string?])[] = [
  [ICD10CM, 'E11.9', 'Type 2 diabetes mellitus without complications'],
  [ICD10CM, 'E10.9', 'Type 1 diabetes mellitus without complications'],
  [ICD10CM, 'I10', 'Essential (primary) hypertension'],
  [ICD10CM, 'E78.5', 'Hyperlipidemia, unspecified'],
  [ICD10CM, 'E78.00', 'Pure hypercholesterolemia, unspecified'],
  [ICD10CM, 'J45.909', 'Unspecified asthma, uncomplicated'],
  [ICD10CM, 'J44.9', 'Chronic obstructive pulmonary disease, unspecified'],
  [ICD10CM, 'I25.10', 'Atherosclerotic heart disease of native coronary artery without angina pectoris'],
  [ICD10CM, 'I48.91', 'Unspecified atrial fibrillation'],
  [ICD10CM, 'I50.9', 'Heart failure, unspecified'],
  [ICD10CM, 'N18.30', 'Chronic kidney disease, stage 3 unspecified'],
  [ICD10CM, 'N39.0', 'Urinary tract infection, site not specified'],
  [ICD10CM, 'N40.0', 'Benign prostatic hyperplasia without lower urinary tract symptoms'],
  [ICD10CM, 'K21.9', 'Gastro-esophageal reflux disease without esophagitis'],
  [ICD10CM, 'K76.0', 'Fatty (change of) liver, not elsewhere classified'],
  [ICD10CM, 'K75.81', 'Nonalcoholic steatohepatitis (NASH)'],
  [ICD10CM, 'M54.50', 'Low back pain, unspecified'],
  [ICD10CM, 'M17.11', 'Unilateral primary osteoarthritis, right knee'],
  [ICD10CM, 'S52.501A', 'Unspecified fracture of the lower end of right radius, initial encounter for closed fracture'],
  [ICD10CM, 'S72.001A', 'Fracture of unspecified part of neck of right femur'],
  [ICD10CM, 'T39.1X1A', 'Poisoning by 4-Aminophenol derivatives, accidental (unintentional)'],
  [ICD10CM, 'W19.XXXA', 'Unspecified fall, initial encounter'],
  [ICD10CM, 'C50.911', 'Malignant neoplasm of unspecified site of right female breast'],
  [ICD10CM, 'C61', 'Malignant neoplasm of prostate'],
  [ICD10CM, 'C34.90', 'Malignant neoplasm of unspecified part of unspecified bronchus or lung'],
  [ICD10CM, 'E03.9', 'Hypothyroidism, unspecified'],
  [ICD10CM, 'D50.9', 'Iron deficiency anemia, unspecified'],
  [ICD10CM, 'G20', "Parkinson's disease"],
  [ICD10CM, 'G43.909', 'Migraine, unspecified, not intractable'],
  [ICD10CM, 'G40.909', 'Epilepsy, unspecified'],
  [ICD10CM, 'H25.9', 'Unspecified age-related cataract'],
  [ICD10CM, 'B18.2', 'Chronic viral hepatitis C'],
  [ICD10CM, 'J06.9', 'Acute upper respiratory infection, unspecified'],
  [ICD10CM, 'U07.1', 'COVID-19'],
  [ICD10CM, 'R07.9', 'Chest pain, unspecified'],
  [ICD10CM, 'Z00.00', 'Encounter for general adult medical examination without abnormal findings'],
  [ICD10CM, 'Z23', 'Encounter for immunization'],
  [ICD10CM, 'Z12.31', 'Encounter for screening mammogram for malignant neoplasm of breast'],
  [ICD10CM, 'Z79.4', 'Long term (current) use of insulin'],
  [ICD10CM, 'Z87.891', 'Personal history of smoking'],
  [ICD9, '250.00', 'Diabetes mellitus without mention of complication'],
  [ICD9, '401.9', 'Unspecified essential hypertension'],
  [ICD9, '493.90', 'Asthma, unspecified type'],
  [SNOMED, '44054006', 'Type 2 diabetes mellitus'],
  [SNOMED, '38341003', 'Hypertensive disorder'],
  [SNOMED, '195967001', 'Asthma'],
  [SNOMED, '80098002', 'Diffuse Lewy body disease'],
  [SNOMED, '49049000', "Parkinson's disease"],
  [SNOMED, '254837009', 'Malignant neoplasm of breast'],
  [SNOMED, '195662009', 'Acute viral pharyngitis (disorder)'],
  [SNOMED, '266919005', 'Never smoked tobacco (finding)'],
  [SNOMED, '160903007', 'Full-time employment (finding)'],
  [SNOMED, '248234008', 'Mentally alert'],
  [LOINC, '2345-7', 'Glucose [Mass/volume] in Serum or Plasma'],
  [LOINC, '2339-0', 'Glucose [Mass/volume] in Blood'],
  [LOINC, '4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood'],
  [LOINC, '2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma'],
  [LOINC, '18262-6', 'Low Density Lipoprotein Cholesterol'],
  [LOINC, '85354-9', 'Blood pressure panel with all children optional'],
  [LOINC, '8480-6', 'Systolic Blood Pressure'],
  [LOINC, '8867-4', 'Heart rate'],
  [LOINC, '8302-2', 'Body Height'],
  [LOINC, '29463-7', 'Body Weight'],
  [LOINC, '718-7', 'Hemoglobin [Mass/volume] in Blood'],
  [LOINC, '6690-2', 'Leukocytes [#/volume] in Blood by Automated count'],
  [LOINC, '2160-0', 'Creatinine [Mass/volume] in Serum or Plasma'],
  [LOINC, '72166-2', 'Tobacco smoking status'],
  [LOINC, '21000-5', 'Erythrocyte distribution width [Entitic volume] by Automated count'],
  [LOINC, '2524-7', 'Lactate [Moles/volume] in Serum or Plasma'],
  [LOINC, '11524-6', 'EKG study'],
  [RXNORM, '866426', 'metoprolol succinate 25 MG Long Acting Oral Tablet'],
  [RXNORM, '860975', '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet'],
  [RXNORM, '314076', 'lisinopril 10 MG Oral Tablet'],
  [RXNORM, '617310', 'atorvastatin 20 MG Oral Tablet'],
  [RXNORM, '313820', 'Acetaminophen 160 MG Chewable Tablet'],
  [RXNORM, '1191', 'aspirin'],
  [RXNORM, '435', 'albuterol'],
  [ATC, 'C07AB02', 'metoprolol'],
  [ATC, 'A10BA02', 'metformin'],
  [ATC, 'J01CA04', 'amoxicillin'],
  ['http://hl7.org/fhir/sid/cvx', '140', 'Influenza, seasonal, injectable, preservative free'],
  ['http://hl7.org/fhir/sid/cvx', '62', 'HPV, quadrivalent'],
  ['http://hl7.org/fhir/sid/cvx', '10', 'IPV'],
  [CPT, '99213', 'Office or other outpatient visit'],
  [CPT, '80061', 'Lipid panel'],
  [CPT, '83036', 'Hemoglobin; glycosylated (A1C)'],
  [CPT, '81001', 'Urinalysis, by dip stick or tablet reagent'],
  [CPT, '71046', 'Radiologic examination, chest; 2 views'],
  [CPT, '93000', 'Electrocardiogram, routine ECG'],
  [HCPCS, 'G0439', 'Annual wellness visit'],
  [PCS, '0SRC0J9', 'Replacement of right knee joint with synthetic substitute'],
  ['urn:oid:2.16.840.1.113883.6.238', '2106-3', 'White'],
  ['http://unitsofmeasure.org', 'mg/dL'],
  ['http://terminology.hl7.org/CodeSystem/v3-ActCode', 'AMB', 'ambulatory'],
  ['https://hospital.example/codes', '90837', 'Chest film'],
]

describe('codes alone tell the kind', () => {
  test.each(SENSITIVE.flatMap(([kind, system, codes]) => codes.split(' ').map((code) => [kind, system, code] as const)))(
    '%s: %s %s',
    (kind, system, code) => {
      expect(kindsOfCoding({ system, code })).toContain(kind)
    },
  )

  test('for more than 400 codes of every kind', () => {
    expect(SENSITIVE.flatMap(([, , codes]) => codes.split(' ')).length).toBeGreaterThan(400)
    expect(new Set(SENSITIVE.map(([kind]) => kind)).size).toBe(6)
  })
})

describe('ordinary codes tell nothing, by code or by display', () => {
  test.each(ORDINARY)('%s %s %s', (system, code, display = '') => {
    expect(kindsOfCoding({ system, code })).toEqual([])
    expect(kindsOfText(display)).toEqual([])
  })

  test('for more than 80 codes', () => {
    expect(ORDINARY.length).toBeGreaterThan(80)
  })
})

describe('a code is found however it is spelled', () => {
  test.each(['T74.11XA', 't74.11xa', 'T7411XA', ' T74.11XA ', 'T74.11XA.', 'T74', 'T74.-'])('ICD-10 %s', (code) => {
    expect(kindsOfCoding({ system: ICD10CM, code })).toEqual(['violence'])
  })

  test.each(['O98.711', 'O98711', 'o98.7'])('a prefix with a dot: %s', (code) => {
    expect(kindsOfCoding({ system: ICD10CM, code })).toEqual(['sexual-health', 'hiv'])
  })

  test.each([
    'http://hl7.org/fhir/sid/icd-10-cm',
    'HTTP://HL7.org/fhir/sid/ICD-10-CM/',
    'https://hl7.org/fhir/sid/icd-10-cm|2024',
    'urn:oid:2.16.840.1.113883.6.90',
    'URN:OID:2.16.840.1.113883.6.90',
    '2.16.840.1.113883.6.90',
    'urn:oid:2.16.840.1.113883.6.3',
    'http://hl7.org/fhir/sid/icd-10',
    'http://hl7.org/fhir/sid/icd-10-gm',
    'http://fhir.de/CodeSystem/bfarm/icd-10-gm',
    'http://hl7.org/fhir/sid/icd-10-us',
    'ICD-10-CM',
    'ICD10',
    'http://hl7.org/fhir/ValueSet/icd-10',
    'http://www.cms.gov/Medicare/Coding/ICD10',
    'http://hospital.example/icd10cm',
    'http://hospital.example/diagnoses',
    undefined,
    '',
  ])('under the system %s', (system) => {
    expect(kindsOfCoding({ system, code: 'F20.9' })).toEqual(['mental-health'])
  })

  test.each([
    ['http://snomed.info/sct/731000124108/version/20230301', '86406008'],
    ['urn:oid:2.16.840.1.113883.6.96', '86406008'],
    ['http://snomed.info/sct', '86406008 |Human immunodeficiency virus infection|'],
    ['http://snomed.info/sct', '243796009:246090004=86406008'],
    [undefined, '86406008'],
    ['urn:oid:2.16.840.1.113883.6.1', '20447-9'],
    ['http://loinc.org/', ' 20447-9'],
    ['http://loinc.org|2.77', '20447-9'],
    [undefined, '20447-9'],
    ['urn:oid:2.16.840.1.113883.6.88', '1999667'],
    ['http://www.nlm.nih.gov/research/umls/RXNORM', '0001999667'],
    ['urn:oid:2.16.840.1.113883.6.73', 'j05ar20'],
    ['urn:oid:2.16.840.1.113883.6.12', '87536-26'],
    ['http://www.ama-assn.org/go/cpt/', '87536'],
    ['urn:oid:2.16.840.1.113883.6.42', '042'],
  ])('%s %s', (system, code) => {
    expect(kindsOfCoding({ system, code })).toContain('hiv')
  })

  test('error: a code that is not text, or endless, tells nothing and does no harm', () => {
    for (const code of [undefined, null, 5, {}, '', '9'.repeat(100_000)]) expect(kindsOfCoding({ system: SNOMED, code })).toEqual([])
    for (const system of [null, 5, {}, []]) expect(() => kindsOfCoding({ system, code: 'F20' })).not.toThrow()
    expect(kindsOfCoding({ system: ICD10CM, code: '__proto__' })).toEqual([])
  })
})

describe('other systems that tell a kind', () => {
  test.each([
    ['mental-health', 'https://www.nubc.org/CodeSystem/RevenueCodes', '0914'],
    ['mental-health', 'https://www.nubc.org/CodeSystem/RevenueCodes', '114'],
    ['substance-use', 'https://www.nubc.org/CodeSystem/RevenueCodes', '0906'],
    ['mental-health', 'http://nucc.org/provider-taxonomy', '2084P0800X'],
    ['mental-health', 'http://nucc.org/provider-taxonomy', '103TC0700X'],
    ['sexual-health', 'http://nucc.org/provider-taxonomy', '207V00000X'],
    ['mental-health', 'https://www.cms.gov/Medicare/Coding/place-of-service-codes', '51'],
    ['substance-use', 'https://www.cms.gov/Medicare/Coding/place-of-service-codes', '55'],
    ['mental-health', 'http://hl7.org/fhir/sid/icpc-2', 'P76'],
    ['sexual-health', 'http://hl7.org/fhir/sid/icpc-2', 'W78'],
    ['hiv', 'urn:oid:2.16.840.1.113883.6.139', 'B90'],
    ['mental-health', 'http://id.who.int/icd/release/11/mms', '6A20'],
    ['hiv', 'http://id.who.int/icd/release/11/mms', '1C62.3'],
    ['mental-health', 'urn:oid:2.16.840.1.113883.6.344', '300.02'],
    ['genetic', 'http://www.genenames.org/geneId', 'HGNC:1100'],
    ['genetic', 'http://www.ncbi.nlm.nih.gov/clinvar', '17661'],
    ['hiv', 'http://terminology.hl7.org/CodeSystem/v3-ActCode', 'HIVAIDS'],
    ['mental-health', 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'PSYCHF'],
    ['sexual-health', 'http://hl7.org/fhir/sid/icd-9-cm', '72.1'],
  ])('%s: %s %s', (kind, system, code) => {
    expect(kindsOfCoding({ system, code })).toContain(kind)
  })
})

test('every set says where and when its codes were read, and what it cannot know', () => {
  for (const { sources, limits, codes } of VALUE_SETS) {
    expect(sources.length).toBeGreaterThan(2)
    for (const { title, date } of sources) {
      expect(title.length).toBeGreaterThan(5)
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    }
    expect(limits).toContain('terminology server')
    for (const system of ['icd-10', 'icd-9', 'snomed', 'loinc'] as const) expect(codes[system]).toBeDefined()
  }
})

test('a system is known by address, OID and name alike', () => {
  expect(codeSystemOf('http://hl7.org/fhir/sid/icd-9-cm')).toBe('icd-9')
  expect(codeSystemOf('urn:oid:2.16.840.1.113883.6.104')).toBe('icd-9-procedures')
  expect(codeSystemOf('http://hl7.org/fhir/sid/icd-10-pcs')).toBe('icd-10-pcs')
  expect(codeSystemOf('http://terminology.hl7.org/CodeSystem/observation-category')).toBe('other')
  expect(codeSystemOf(undefined)).toBe('unnamed')
})

describe('a code under an address that is not its own', () => {
  const LOCAL = 'http://hospital.example/codes'
  test.each<[string, string, SensitivityKey]>([
    [LOINC, '58214004', 'mental-health'],
    [SNOMED, 'F20.9', 'mental-health'],
    [ICD10CM, '58214004', 'mental-health'],
    [RXNORM, 'B20', 'hiv'],
    [LOCAL, '58214004', 'mental-health'],
    [LOCAL, '7917-8', 'hiv'],
    [LOCAL, 'ICD10:F20.9', 'mental-health'],
    [`${LOCAL}/${'x'.repeat(500)}`, 'F20.9', 'mental-health'],
  ])('%s %s', (system, code, kind) => {
    expect(kindsOfCoding({ system, code })).toEqual([kind])
  })

  test.each<[string, SensitivityKey]>([
    ['schizophrenia', 'mental-health'],
    ['HIV-POS', 'hiv'],
    ['DEPRESSION_MAJOR', 'mental-health'],
    ['alcohol.abuse', 'substance-use'],
  ])('a code of a hospital that is a word: %s', (code, kind) => {
    expect(kindsOfCoding({ system: LOCAL, code })).toContain(kind)
    expect(kindsOfCoding({ code })).toContain(kind)
  })

  test('an ingredient of RxNorm is found when no system is named', () => {
    expect(kindsOfCoding({ code: '6813' })).toEqual(['substance-use'])
  })

  test('codes of other public systems that look like LOINC, and ordinary local codes, tell nothing', () => {
    expect(kindsOfCoding({ system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3' })).toEqual([])
    expect(kindsOfCoding({ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'social-history' })).toEqual([])
    for (const code of ['GLU', '12345', 'I10', 'E11.9', '2339-0', '38341003', 'WARD-7', 'mg/dL', 'AMB']) {
      expect(kindsOfCoding({ system: LOCAL, code })).toEqual([])
    }
  })
})

test('an ICD-10 code is found in a text, by its point', () => {
  expect(kindsOfCodesIn('Dx: F20.9, stable; also B20.0')).toEqual(['mental-health', 'hiv'])
  expect(kindsOfCodesIn('I10 since 2010, E11.9, bed F20, version 1.F20.9, 5.0 mg')).toEqual([])
})

test('error: the address of a system of 400,000 letters is given up at once', () => {
  for (const part of ['/', '|', 'icd9 ', 'snomed', '?']) {
    const startedAtMs = performance.now()
    for (const tail of ['x', '\nx']) kindsOfCoding({ system: part.repeat(400_000 / part.length) + tail, code: 'F20.9' })
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
  }
})

test.each<[SensitivityKey, string, string]>([
  ['hiv', SNOMED, '165815009 444356002'],
  ['hiv', LOINC, '21009-6 30554-0 33630-5'],
  ['hiv', CPT, '3490F 3492F 3498F'],
  ['substance-use', SNOMED, '707848009'],
  ['substance-use', LOINC, '19270-8'],
  ['substance-use', CPT, '4320F J0592'],
  ['mental-health', SNOMED, '428171000124102'],
  ['mental-health', CPT, '1220F S0013 H0004'],
  ['sexual-health', SNOMED, '397803000 860914002 268445003'],
  ['sexual-health', RXNORM, '4124 6691 42331 7518 8727 6916 1005921 7824'],
  ['sexual-health', CPT, '0500F 0502F G9228'],
  ['violence', SNOMED, '422608009'],
  ['genetic', SNOMED, '28293008 41788008 16402000 38804009 92824003 205824006 111385000 77128003 76670001 46659004 88518009'],
  ['genetic', LOINC, '51961-1 38404-0'],
])('%s by widely used codes alone: %s %s', (kind, system, codes) => {
  for (const code of codes.split(' ')) expect(kindsOfCoding({ system, code })).toContain(kind)
})
