//! Consent terms: what a commitment on the chain opens to, encrypted to the parties concerned.
//!
//! The app never sees clear terms, nor for whom they are: a party stands there under a label that only the party and whoever
//! filed can make. Each entry belongs to the node that filed it; several nodes may file under one commitment, and a reader
//! decides by opening the commitment, never by who was first.

use calimero_sdk::borsh::{BorshDeserialize, BorshSerialize};
use calimero_sdk::serde::{Deserialize, Serialize};

use crate::errors::Error;
use crate::ids::{self, hex, Executor};
use crate::ledger::{Cursor, Entry, Ledger, LedgerMut};

/// How many parties one filing may name.
const MAX_PARTIES: usize = 16;
/// The largest sealed terms for one party, in bytes.
const MAX_SEALED_BYTES: usize = 16 * 1024;

/// What a party stands under in one filing: 32 bytes that say nothing to others.
type Label = [u8; 32];

/// Terms as they are stored. Merge: the entry has one author, whose last write wins, and a later write only ever adds parties;
/// entries of different authors stand side by side.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) struct Terms {
    commitment: String,
    patient_tag: String,
    parties: Vec<(Label, Vec<u8>)>,
    nonce: String,
    replaces: Option<String>,
    filed_at_s: u64,
}

/// The terms for one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct Sealed {
    /// What the party stands under: 64 lower-case hexadecimal digits, other ones in each filing.
    pub label: String,
    /// Ciphertext that only that party can open, in base64.
    pub sealed: String,
}

/// Filed terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct TermsView {
    /// What they open.
    pub commitment: String,
    /// The gateway's opaque name of the patient.
    pub patient_tag: String,
    /// The terms for each party.
    pub parties: Vec<Sealed>,
    /// The gateway's nonce for the sealing.
    pub nonce: String,
    /// The commitment that these terms replace, if any.
    pub replaces: Option<String>,
    /// When they were filed, as the filing gateway claims, in seconds since 1970.
    pub filed_at_s: u64,
    /// The node that filed them.
    pub filed_by: String,
    /// Their number in the circle's order.
    pub sequence: u64,
}

/// A part of a list of terms, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct TermsPage {
    /// The terms; may be fewer than asked for although more follow.
    pub entries: Vec<TermsView>,
    /// Hand it in as `after` to go on; nothing at the end.
    pub next: Option<String>,
}

/// That terms were filed, and under which labels; not the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct FilingView {
    /// What they open.
    pub commitment: String,
    /// What the parties stand under: whoever is one knows its own.
    pub labels: Vec<String>,
    /// The node that filed them.
    pub filed_by: String,
    /// Their number in the circle's order.
    pub sequence: u64,
}

/// A part of the list of filings, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct FilingPage {
    /// The filings; may be fewer than asked for although more follow.
    pub entries: Vec<FilingView>,
    /// Hand it in as `after` to go on; nothing at the end.
    pub next: Option<String>,
}

impl Terms {
    fn parse(
        commitment: &str,
        patient_tag: String,
        parties: &[Sealed],
        nonce: String,
        replaces: Option<&str>,
        filed_at_s: u64,
    ) -> Result<Self, Error> {
        ids::name("patient_tag", &patient_tag)?;
        ids::name("nonce", &nonce)?;
        Error::limit("parties", parties.len(), MAX_PARTIES)?;
        if parties.is_empty() {
            return Err(Error::bad("parties", "at least one party"));
        }
        let mut sealed = Vec::with_capacity(parties.len());
        for party in parties {
            let label = ids::digest("parties.label", &party.label)?;
            if sealed.iter().any(|(used, _)| *used == label) {
                return Err(Error::bad("parties.label", "each label once"));
            }
            sealed.push((label, ids::bytes("parties.sealed", &party.sealed, MAX_SEALED_BYTES)?));
        }
        Ok(Self {
            commitment: ids::felt("commitment", commitment)?,
            patient_tag,
            parties: sealed,
            nonce,
            replaces: replaces.map(|replaces| ids::felt("replaces", replaces)).transpose()?,
            filed_at_s,
        })
    }

    /// These terms, filed before, with the parties that `again` has besides; nothing when it has no new one.
    ///
    /// # Errors
    ///
    /// [`Error::TermsConflict`] when `again` says anything else than these terms do, also to a single party.
    fn with_parties_of(self, again: Self) -> Result<Option<Self>, Error> {
        let conflict = || Error::TermsConflict { commitment: self.commitment.clone() };
        // A retry may come later: the claimed time is no content.
        let content = |terms: &Self| Self { parties: Vec::new(), filed_at_s: 0, ..terms.clone() };
        if content(&self) != content(&again) {
            return Err(conflict());
        }
        let mut parties = self.parties.clone();
        for (label, sealed) in again.parties {
            match self.parties.iter().find(|(used, _)| *used == label) {
                Some((_, filed)) if *filed != sealed => return Err(conflict()),
                Some(_) => {}
                None => parties.push((label, sealed)),
            }
        }
        Error::limit("parties", parties.len(), MAX_PARTIES)?;
        Ok((parties.len() > self.parties.len()).then_some(Self { parties, ..self }))
    }
}

fn view(entry: Entry<Terms>) -> TermsView {
    let terms = entry.body;
    TermsView {
        commitment: terms.commitment,
        patient_tag: terms.patient_tag,
        parties: terms
            .parties
            .into_iter()
            .map(|(label, sealed)| Sealed { label: hex(&label), sealed: ids::base64(&sealed) })
            .collect(),
        nonce: terms.nonce,
        replaces: terms.replaces,
        filed_at_s: terms.filed_at_s,
        filed_by: hex(&entry.owner),
        sequence: entry.sequence,
    }
}

fn commitment_name(commitment: &str) -> String {
    format!("commitment {commitment}")
}

fn tag_name(patient_tag: &str) -> String {
    format!("tag {patient_tag}")
}

/// See [`crate::MedSync::file_terms`]; the canonical commitment, and true when something changed.
#[allow(clippy::too_many_arguments)]
pub(crate) fn file(
    mut ledger: LedgerMut<'_>,
    everyone: &[Executor],
    commitment: &str,
    patient_tag: String,
    parties: &[Sealed],
    nonce: String,
    replaces: Option<&str>,
    filed_at_s: u64,
) -> Result<(String, bool), Error> {
    let terms = Terms::parse(commitment, patient_tag, parties, nonce, replaces, filed_at_s)?;
    let name = commitment_name(&terms.commitment);
    for filed in ledger.view().find::<Terms>(&ids::me(), &name)? {
        if filed.body.commitment == terms.commitment {
            let commitment = terms.commitment.clone();
            let Some(more) = filed.body.with_parties_of(terms)? else { return Ok((commitment, false)) };
            ledger.replace(filed.place, &more)?;
            return Ok((commitment, true));
        }
    }
    let _sequence = ledger.append(everyone, &terms, &[&name, &tag_name(&terms.patient_tag)])?;
    Ok((terms.commitment, true))
}

/// See [`crate::MedSync::terms_by_commitment`].
pub(crate) fn by_commitment(ledger: Ledger<'_>, everyone: &[Executor], commitment: &str) -> Result<Vec<TermsView>, Error> {
    let commitment = ids::felt("commitment", commitment)?;
    let mut found = Vec::new();
    for owner in everyone {
        let entries = ledger.find::<Terms>(owner, &commitment_name(&commitment))?;
        found.extend(entries.into_iter().filter(|entry| entry.body.commitment == commitment).map(view));
    }
    Ok(found)
}

/// See [`crate::MedSync::terms_of_patient`].
pub(crate) fn of_patient(
    ledger: Ledger<'_>,
    everyone: &[Executor],
    patient_tag: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> Result<TermsPage, Error> {
    ids::name("patient_tag", patient_tag)?;
    let (after, limit) = (Cursor::parse(after)?, ids::limit(limit)?);
    let mut found = Vec::new();
    for owner in everyone {
        let entries = ledger.find::<Terms>(owner, &tag_name(patient_tag))?;
        found.extend(entries.into_iter().filter(|entry| entry.body.patient_tag == patient_tag));
    }
    let (entries, next) = crate::ledger::part(found, after, limit);
    Ok(TermsPage { entries: entries.into_iter().map(view).collect(), next })
}

/// See [`crate::MedSync::filings`].
pub(crate) fn list(
    ledger: Ledger<'_>,
    everyone: &[Executor],
    after: Option<&str>,
    limit: Option<u32>,
) -> Result<FilingPage, Error> {
    let (after, limit) = (Cursor::parse(after)?, ids::limit(limit)?);
    let mut walk = ledger.walk(everyone, after)?;
    let mut entries = Vec::new();
    while entries.len() < limit {
        let Some(entry) = walk.next::<Terms>()? else { break };
        entries.push(FilingView {
            commitment: entry.body.commitment,
            labels: entry.body.parties.iter().map(|(label, _)| hex(label)).collect(),
            filed_by: hex(&entry.owner),
            sequence: entry.sequence,
        });
    }
    Ok(FilingPage { entries, next: walk.rest() })
}
