import type { SensitiveValueSet } from '../valueSet.ts'
import { HIV_CODES } from './hivCodes.ts'
import { BILLING, DRUGS, ECQM, ICD9, ICD10, OFFLINE, SHIFT } from './sources.ts'

/** HIV: infection, tests, exposure, prevention and treatment, and the diseases that hardly occur without it. */
export const HIV: SensitiveValueSet = {
  kind: 'hiv',
  sources: [ECQM, SHIFT, ICD10, ICD9, BILLING, DRUGS, { title: 'HL7 case reporting (eRSD), antiretroviral triggers', date: '2026-08-04' }],
  limits: `${OFFLINE} Antivirals that also treat hepatitis B count as HIV.`,
  codes: {
    ...HIV_CODES,
    'icd-10': 'B20-B24 Z21 R75 O98.7 Z20.6 Z11.4 Z71.7 Z29.81 Z83.0 F02.4 B97.35 B59 C46',
    'icd-9': '042-044 V08 795.71 079.53 V65.44 136.3 176',
    'icd-11': '1C60 1C61 1C62 QC90.6',
    icpc: 'B90 B25',
    atc: 'J05AE J05AF J05AG J05AJ J05AR J05AX07 J05AX08 J05AX09 J05AX12 J05AX23 J05AX29 J05AX31 V03AX03',
    cpt: '3490F-3498F 86689 86701-86703 87389-87391 87534-87539 87806 87900-87906 86359-86361 G0011-G0013 G0432-G0435 G0475 J0739 J0741 J0750-J0751 J1324 J1746 J1961 J3485 S3645 Q0515',
    drg: '969-977',
    'hl7-v3': 'HIVAIDS',
  },
  words: [
    'hiv\\b',
    'hiv[- ]?[12]\\b',
    'anti-?hiv\\b',
    'human immuno-?deficiency',
    'immunodeficiency virus',
    'acquired immun\\w* ?deficien\\w*',
    'anti-?retroviral',
    'viral load',
    'cd4\\b',
    'cd4\\+',
    'pre-?exposure prophylaxis',
    'kaposi',
    'pneumocystis',
    '(zido|lami|stavu)vudine|stavudine|abacavir|tenofovir|emtricitabine|efavirenz|nevirapine|rilpivirine|etravirine|doravirine|delavirdine',
    '\\w+tegravir|(ataza|daru|lopi|rito|saqui|nelfi|indi|fosampre|ampre|tipra)navir|maraviroc|enfuvirtide|cobicistat|didanosine|zalcitabine',
    'ibalizumab|fostemsavir|lenacapavir|islatravir',
    'biktarvy|genvoya|stribild|triumeq|tivicay|dovato|juluca|cabenuva|apretude|vocabria|truvada|descovy|atripla|complera|eviplera|odefsey',
    'symtuza|prezista|prezcobix|reyataz|evotaz|kaletra|norvir|viread|epzicom|kivexa|combivir|trizivir|isentress|selzentry|celsentri|edurant',
    'intelence|pifeltro|delstrigo|rukobia|trogarzo|sunlenca|yeztugo|sustiva|viramune|epivir|retrovir|ziagen|emtriva|fuzeon|symfi|cimduo',
    'temixys|invirase|lexiva|viracept|crixivan|aptivus|tybost|zerit|videx',
  ],
  exactWords: ['(?<![Hh]earing )AIDS\\b', 'PrEP\\b', 'VIH\\b', 'SIDA\\b'],
  noteWords: [
    'hiv\\b|hiv-?\\d|aids\\b|antiretroviral|retroviral|cd4|viral load|pre-?exposure|tenofovir|emtricitabin|dolutegravir|bictegravir|efavirenz|lamivudin|zidovudin|abacavir|ritonavir|biktarvy|truvada|kaposi|pneumocystis',
  ],
}
