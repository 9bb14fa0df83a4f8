//! Which records there are: id and patient account, nothing else. What a record holds never comes here.

use calimero_sdk::borsh::{BorshDeserialize, BorshSerialize};
use calimero_sdk::serde::Serialize;

use crate::errors::Error;
use crate::ids::{self, hex, Executor};
use crate::ledger::{self, Cursor, Entry, Ledger, LedgerMut};

/// A record as it is stored. Merge: the entry has one author, whose last write wins; nothing is ever deleted.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) struct Record {
    record: String,
    patient: String,
    is_removed: bool,
}

/// A record that its hospital lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct CatalogueEntry {
    /// The record's id at its hospital.
    pub record: String,
    /// The patient's account.
    pub patient: String,
    /// The node whose record it is.
    pub held_by: String,
    /// The entry's number in the circle's order.
    pub sequence: u64,
}

/// A part of the catalogue, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct CataloguePage {
    /// The entries; may be fewer than asked for although more follow.
    pub entries: Vec<CatalogueEntry>,
    /// Hand it in as `after` to go on; nothing at the end.
    pub next: Option<String>,
}

fn view(entry: Entry<Record>) -> CatalogueEntry {
    CatalogueEntry {
        record: entry.body.record,
        patient: entry.body.patient,
        held_by: hex(&entry.owner),
        sequence: entry.sequence,
    }
}

fn record_name(record: &str) -> String {
    format!("record {record}")
}

fn patient_name(patient: &str) -> String {
    format!("patient {patient}")
}

fn own(ledger: Ledger<'_>, record: &str) -> Result<Option<Entry<Record>>, Error> {
    let found = ledger.find::<Record>(&ids::me(), &record_name(record))?;
    Ok(found.into_iter().find(|entry| entry.body.record == record))
}

/// See [`crate::MedSync::put_catalogue_entry`]; true when something changed.
pub(crate) fn put(mut ledger: LedgerMut<'_>, everyone: &[Executor], record: String, patient: &str) -> Result<bool, Error> {
    ids::name("record", &record)?;
    let patient = ids::felt("patient", patient)?;
    match own(ledger.view(), &record)? {
        Some(entry) if entry.body.patient != patient => Err(Error::CatalogueConflict { record }),
        Some(entry) if entry.body.is_removed => {
            ledger.replace(entry.place, &Record { is_removed: false, ..entry.body })?;
            Ok(true)
        }
        Some(_) => Ok(false),
        None => {
            let names = [record_name(&record), patient_name(&patient)];
            let entry = Record { record, patient, is_removed: false };
            let _sequence = ledger.append(everyone, &entry, &[&names[0], &names[1]])?;
            Ok(true)
        }
    }
}

/// See [`crate::MedSync::remove_catalogue_entry`]; true when something changed.
pub(crate) fn remove(mut ledger: LedgerMut<'_>, record: &str) -> Result<bool, Error> {
    ids::name("record", record)?;
    let Some(entry) = own(ledger.view(), record)? else {
        return Err(Error::UnknownRecord { record: record.to_owned() });
    };
    if entry.body.is_removed {
        return Ok(false);
    }
    ledger.replace(entry.place, &Record { is_removed: true, ..entry.body })?;
    Ok(true)
}

/// See [`crate::MedSync::catalogue_of`].
pub(crate) fn of_patient(
    ledger: Ledger<'_>,
    everyone: &[Executor],
    patient: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> Result<CataloguePage, Error> {
    let patient = ids::felt("patient", patient)?;
    let (after, limit) = (Cursor::parse(after)?, ids::limit(limit)?);
    let mut found = Vec::new();
    for owner in everyone {
        let entries = ledger.find::<Record>(owner, &patient_name(&patient))?;
        found.extend(entries.into_iter().filter(|entry| entry.body.patient == patient && !entry.body.is_removed));
    }
    let (entries, next) = ledger::part(found, after, limit);
    Ok(CataloguePage { entries: entries.into_iter().map(view).collect(), next })
}

/// See [`crate::MedSync::catalogue_page`].
pub(crate) fn page(
    ledger: Ledger<'_>,
    everyone: &[Executor],
    after: Option<&str>,
    limit: Option<u32>,
) -> Result<CataloguePage, Error> {
    let (after, limit) = (Cursor::parse(after)?, ids::limit(limit)?);
    let mut walk = ledger.walk(everyone, after)?;
    let mut entries = Vec::new();
    while entries.len() < limit {
        let Some(entry) = walk.next::<Record>()? else { break };
        if !entry.body.is_removed {
            entries.push(view(entry));
        }
    }
    Ok(CataloguePage { entries, next: walk.rest() })
}
