//! Listing records.

use super::*;

fn put(app: &mut MedSync, record: &str, patient: &str) -> Result<bool, Error> {
    app.put_catalogue_entry(record.into(), patient.into())
}

fn records(stage: &mut Stage, patient: &str) -> Vec<String> {
    let page = stage.keep(|app| app.catalogue_of(patient.into(), None, None)).unwrap();
    page.entries.into_iter().map(|entry| entry.record).collect()
}

#[test]
fn a_listed_record_is_found_by_its_patient_at_all_hospitals() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x01")), Ok(true));
    assert_eq!(stage.by(GAMMA, |app| put(app, "r2", "0x1")), Ok(true));
    assert_eq!(stage.by(GAMMA, |app| put(app, "r3", "0x2")), Ok(true));
    assert_eq!(records(&mut stage, "0x1"), ["r2", "r1"]);
    let page = stage.keep(|app| app.catalogue_page(None, None)).unwrap();
    assert_eq!(page.entries.len(), 3);
    assert_eq!((page.entries[0].held_by.clone(), page.next), (hex(&GAMMA), None));
    assert_eq!(stage.events(), ["RecordListed"; 3]);
}

#[test]
fn listing_again_changes_nothing_and_another_patient_is_a_conflict() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x1")), Ok(true));
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x01")), Ok(false));
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x2")), Err(Error::CatalogueConflict { record: "r1".into() }));
    // Another hospital's record of the same name is another record.
    assert_eq!(stage.by(GAMMA, |app| put(app, "r1", "0x2")), Ok(true));
    assert_eq!(stage.events(), ["RecordListed"; 2]);
}

#[test]
fn a_removed_record_is_listed_nowhere_until_it_is_put_again() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x1")), Ok(true));
    assert_eq!(stage.by(BETA, |app| app.remove_catalogue_entry("r1".into())), Ok(true));
    assert_eq!(stage.by(BETA, |app| app.remove_catalogue_entry("r1".into())), Ok(false));
    assert!(records(&mut stage, "0x1").is_empty());
    assert!(stage.keep(|app| app.catalogue_page(None, None)).unwrap().entries.is_empty());
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x1")), Ok(true));
    assert_eq!(records(&mut stage, "0x1"), ["r1"]);
    assert_eq!(stage.events(), ["RecordListed", "RecordRemoved", "RecordListed"]);
}

#[test]
fn nobody_removes_the_record_of_another_hospital() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| put(app, "r1", "0x1")), Ok(true));
    assert_eq!(stage.by(GAMMA, |app| app.remove_catalogue_entry("r1".into())), Err(Error::UnknownRecord { record: "r1".into() }));
    assert_eq!(records(&mut stage, "0x1"), ["r1"]);
}

#[test]
fn a_thousand_records_of_three_hospitals_page_without_gap_or_repeat() {
    let mut stage = Stage::new();
    let keeper = stage.keeper;
    for number in 0..1000_u32 {
        let author = [keeper, BETA, GAMMA][(number * number % 7) as usize % 3];
        assert_eq!(stage.by(author, |app| put(app, &format!("record-{number}"), &format!("{:#x}", number / 4))), Ok(true));
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = stage.keep(|app| app.catalogue_page(after.clone(), Some(37))).unwrap();
        seen.extend(page.entries.into_iter().map(|entry| entry.record));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..1000).rev().map(|number| format!("record-{number}")).collect::<Vec<_>>());
    assert_eq!(records(&mut stage, "0x7").len(), 4);
    let page = stage.keep(|app| app.catalogue_of("0x7".into(), None, Some(3))).unwrap();
    let rest = stage.keep(|app| app.catalogue_of("0x7".into(), page.next.clone(), Some(3))).unwrap();
    assert_eq!((page.entries.len(), rest.entries.len(), rest.next), (3, 1, None));
}

#[test]
fn malformed_records_are_refused_with_the_argument_that_is_wrong() {
    let mut stage = Stage::new();
    assert_bad("record", stage.by(BETA, |app| put(app, "", "0x1")));
    assert_bad("record", stage.by(BETA, |app| put(app, "a b", "0x1")));
    assert_bad("patient", stage.by(BETA, |app| put(app, "r", "patient")));
    assert_eq!(
        stage.by(BETA, |app| put(app, &"r".repeat(129), "0x1")),
        Err(Error::TooLarge { field: "record".into(), limit: 128 })
    );
    assert!(stage.events().is_empty());
}
