import { PURPOSES, type Purpose, purposeOf } from '@medsync/protocol'

/** What the codes mean to somebody who never heard of them. The codes themselves stand beside these words. */
const plain: Record<string, string> = {
  HRESCH: 'Any kind of health research',
  BIORCH: 'Research on how bodies and diseases work',
  CLINTRCH: 'Research in clinical trials',
  CLINTRCHNPC: 'Clinical trials in which you are not treated',
  CLINTRCHPC: 'Clinical trials in which you are treated',
  PRECLINTRCH: 'Preparing a clinical trial',
  DSRCH: 'Research on a particular disease',
  POARCH: 'Research on ancestry and origins',
  TRANSRCH: 'Bringing research results into treatment',
  TREAT: 'Your treatment',
  CLINTRL: 'Treatment in a clinical trial',
  COC: 'Coordinating those who treat you',
  ETREAT: 'Treating you in an emergency',
  BTG: 'An emergency in which nobody can be asked',
  ERTREAT: 'Treating you in an emergency room',
  POPHLTH: 'Looking after the health of a group you belong to',
  PUBHLTH: 'Protecting public health',
  DISASTER: 'Help in a disaster',
  THREAT: 'A threat to public safety',
  PATRQT: 'Because you asked for it',
  FAMRQT: 'Because your family asked for it',
  PWATRNY: 'For somebody who acts for you by power of attorney',
  SUPNWK: 'For people who support you',
  HPAYMT: 'Paying for your care',
  HOPERAT: 'Running the hospital or insurer',
  HQUALIMP: 'Making care better',
  PATSFTY: 'Making care safer',
  HTEST: 'Testing computer systems with health data',
  TRAIN: 'Training staff',
  HMARKT: 'Advertising health products',
}

/** A purpose in plain words. */
export function purposeWords(code: string): string {
  const { display } = purposeOf(code)
  return plain[code] ?? `${display.charAt(0).toUpperCase()}${display.slice(1)}`
}

/** The purpose of a study or an entry, by its index in the tree; an index of a newer tree is named as such. */
export function purposeOfIndex(index: number): Purpose | undefined {
  return PURPOSES[index]
}

/** The purposes below one, at any depth. */
export function descendantsOf(code: string): Purpose[] {
  const children = PURPOSES.filter(({ parent }) => parent === code)
  return children.flatMap((child) => [child, ...descendantsOf(child.code)])
}

/** Without those that another one in the list already includes. */
export function withoutIncluded(codes: readonly string[]): string[] {
  const included = new Set(codes.flatMap((code) => descendantsOf(code).map((purpose) => purpose.code)))
  return codes.filter((code) => !included.has(code))
}
