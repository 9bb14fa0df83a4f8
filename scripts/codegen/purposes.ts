import { ancestorMask, EMERGENCY_PURPOSES, PURPOSES, purposeOf } from '@medsync/protocol'

/** Writes the PurposeOfUse tree for the contracts: one mask a purpose, of itself and its ancestors. */
export function generate(): { path: string; text: string }[] {
  const rows = PURPOSES.map((purpose) => `    ${hex(ancestorMask(purpose))}, // ${purpose.index} ${purpose.code}`)
  const emergencies = EMERGENCY_PURPOSES.map((code) => purposeOf(code).index).sort((one, other) => one - other)
  const text = [
    '//! Generated from packages/protocol/src/purposes.ts by `npm run codegen`; do not edit.',
    '//! The HL7 v3 PurposeOfUse tree: for each purpose, by its index, the bits of itself and its ancestors.',
    '',
    `/// How many purposes there are; an index is below this.`,
    `pub const COUNT: u8 = ${PURPOSES.length};`,
    '',
    `const ANCESTORS: [u128; ${PURPOSES.length}] = [`,
    ...rows,
    '];',
    '',
    '/// Whether `purpose` is an index of the tree.',
    'pub fn is_known(purpose: u8) -> bool {',
    '    purpose < COUNT',
    '}',
    '',
    '/// Whether a consent for `granted` covers `purpose`: a purpose permits itself and its descendants, nothing else.',
    '/// `purpose` must be known.',
    'pub fn permits(granted: u128, purpose: u8) -> bool {',
    '    *ANCESTORS.span().at(purpose.into()) & granted != 0',
    '}',
    '',
    `/// Whether data may be used for \`purpose\` without consent, in an emergency: ${EMERGENCY_PURPOSES.join(', ')}.`,
    '/// `purpose` must be known.',
    'pub fn is_emergency(purpose: u8) -> bool {',
    `    ${emergencies.map((index) => `purpose == ${index}`).join(' || ')}`,
    '}',
    '',
  ].join('\n')
  return [{ path: 'contracts/cairo/purposes.cairo', text }]
}

const hex = (mask: bigint): string => `0x${mask.toString(16)}`
