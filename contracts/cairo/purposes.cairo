//! Generated from packages/protocol/src/purposes.ts by `npm run codegen`; do not edit.
//! The HL7 v3 PurposeOfUse tree: for each purpose, by its index, the bits of itself and its ancestors.

/// How many purposes there are; an index is below this.
pub const COUNT: u8 = 59;

const ANCESTORS: [u128; 59] = [
    0x1, // 0 HMARKT
    0x2, // 1 HOPERAT
    0x6, // 2 CAREMGT
    0xa, // 3 DONAT
    0x12, // 4 FRAUD
    0x22, // 5 GOV
    0x42, // 6 HACCRED
    0x82, // 7 HCOMPL
    0x102, // 8 HDECD
    0x202, // 9 HDIRECT
    0x402, // 10 HDM
    0x802, // 11 HLEGAL
    0x1002, // 12 HOUTCOMS
    0x2002, // 13 HPRGRP
    0x4002, // 14 HQUALIMP
    0x8002, // 15 HSYSADMIN
    0x10002, // 16 LABELING
    0x20002, // 17 METAMGT
    0x40002, // 18 MEMADMIN
    0x80002, // 19 MILCDM
    0x100002, // 20 PATADMIN
    0x200002, // 21 PATSFTY
    0x400002, // 22 PERFMSR
    0x800002, // 23 RECORDMGT
    0x1000002, // 24 SYSDEV
    0x3000002, // 25 HTEST
    0x4000002, // 26 TRAIN
    0x8000000, // 27 HPAYMT
    0x18000000, // 28 CLMATTCH
    0x28000000, // 29 COVAUTH
    0x48000000, // 30 COVERAGE
    0xc8000000, // 31 ELIGDTRM
    0x148000000, // 32 ELIGVER
    0x248000000, // 33 ENROLLM
    0x448000000, // 34 MILDCRG
    0x808000000, // 35 REMITADV
    0x1000000000, // 36 HRESCH
    0x3000000000, // 37 BIORCH
    0x5000000000, // 38 CLINTRCH
    0xd000000000, // 39 CLINTRCHNPC
    0x15000000000, // 40 CLINTRCHPC
    0x25000000000, // 41 PRECLINTRCH
    0x41000000000, // 42 DSRCH
    0x81000000000, // 43 POARCH
    0x101000000000, // 44 TRANSRCH
    0x200000000000, // 45 PATRQT
    0x600000000000, // 46 FAMRQT
    0xa00000000000, // 47 PWATRNY
    0x1200000000000, // 48 SUPNWK
    0x2000000000000, // 49 PUBHLTH
    0x6000000000000, // 50 DISASTER
    0xa000000000000, // 51 THREAT
    0x10000000000000, // 52 TREAT
    0x30000000000000, // 53 CLINTRL
    0x50000000000000, // 54 COC
    0x90000000000000, // 55 ETREAT
    0x190000000000000, // 56 BTG
    0x290000000000000, // 57 ERTREAT
    0x410000000000000, // 58 POPHLTH
];

/// Whether `purpose` is an index of the tree.
pub fn is_known(purpose: u8) -> bool {
    purpose < COUNT
}

/// Whether a consent for `granted` covers `purpose`: a purpose permits itself and its descendants, nothing else.
/// `purpose` must be known.
pub fn permits(granted: u128, purpose: u8) -> bool {
    *ANCESTORS.span().at(purpose.into()) & granted != 0
}

/// Whether data may be used for `purpose` without consent, in an emergency: BTG, DISASTER, ERTREAT, ETREAT, THREAT.
/// `purpose` must be known.
pub fn is_emergency(purpose: u8) -> bool {
    purpose == 50 || purpose == 51 || purpose == 55 || purpose == 56 || purpose == 57
}
