//! Filing and finding consent terms.

use super::*;
use crate::terms::Sealed;

/// A label that reads well in a test: zeros, then `end`.
fn label(end: &str) -> String {
    format!("{end:0>64}")
}

fn sealed(party: &str, content: &str) -> Sealed {
    Sealed { label: label(party), sealed: crate::ids::base64(content.as_bytes()) }
}

fn listed(stage: &mut Stage) -> Vec<String> {
    let page = stage.keep(|app| app.filings(None, None)).unwrap();
    page.entries.into_iter().map(|filing| filing.commitment).collect()
}

fn file(app: &mut MedSync, commitment: &str, content: &str) -> Result<bool, Error> {
    let parties = vec![sealed("b", content), sealed("c", content)];
    app.file_terms(commitment.into(), "tag".into(), parties, "nonce".into(), None, 7)
}

#[test]
fn filed_terms_are_found_by_commitment_by_patient_and_by_label() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file(app, "0x00AB", "one")), Ok(true));
    assert_eq!(stage.events(), ["TermsFiled"]);
    let found = stage.by(GAMMA, |app| app.terms_by_commitment("0xab".into())).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].commitment, "0xab");
    assert_eq!(found[0].parties, [sealed("b", "one"), sealed("c", "one")]);
    assert_eq!((found[0].filed_by.clone(), found[0].filed_at_s, found[0].replaces.clone()), (hex(&BETA), 7, None));
    assert_eq!(stage.by(GAMMA, |app| app.terms_of_patient("tag".into(), None, None)).unwrap().entries, found);
    let filings = stage.by(GAMMA, |app| app.filings(None, None)).unwrap().entries;
    assert_eq!(filings.len(), 1);
    assert_eq!((filings[0].commitment.as_str(), filings[0].labels.clone()), ("0xab", vec![label("b"), label("c")]));
    assert_eq!((filings[0].filed_by.clone(), filings[0].sequence), (found[0].filed_by.clone(), found[0].sequence));
    assert_eq!(stage.by(GAMMA, |app| app.terms_of_patient("other".into(), None, None)).unwrap().entries, []);
}

#[test]
fn the_same_terms_again_change_nothing_also_at_a_later_time() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file(app, "0xab", "one")), Ok(true));
    let again = stage.by(BETA, |app| {
        let parties = vec![sealed("b", "one"), sealed("c", "one")];
        app.file_terms("0xAB".into(), "tag".into(), parties, "nonce".into(), None, 99)
    });
    assert_eq!(again, Ok(false));
    assert_eq!(stage.keep(|app| app.terms_by_commitment("0xab".into())).unwrap()[0].filed_at_s, 7);
    assert_eq!(stage.events(), ["TermsFiled"]);
}

#[test]
fn other_terms_under_a_filed_commitment_are_a_conflict_for_their_author_only() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file(app, "0xab", "one")), Ok(true));
    assert_eq!(stage.by(BETA, |app| file(app, "0xab", "two")), Err(Error::TermsConflict { commitment: "0xab".into() }));
    // Another node may file: who opens the commitment decides, not who was first.
    assert_eq!(stage.by(GAMMA, |app| file(app, "0xab", "two")), Ok(true));
    let found = stage.keep(|app| app.terms_by_commitment("0xab".into())).unwrap();
    assert_eq!(found.iter().map(|terms| terms.filed_by.clone()).collect::<Vec<_>>(), [hex(&BETA), hex(&GAMMA)]);
}

fn file_for(app: &mut MedSync, commitment: &str, labels: &[&str]) -> Result<bool, Error> {
    let parties = labels.iter().map(|label| sealed(label, "one")).collect();
    app.file_terms(commitment.into(), "tag".into(), parties, "nonce".into(), None, 7)
}

#[test]
fn the_same_terms_for_more_parties_add_them_where_the_terms_stand() {
    let mut stage = Stage::new();
    for commitment in ["0x1", "0x2"] {
        assert_eq!(stage.by(BETA, |app| file_for(app, commitment, &["b"])), Ok(true));
    }
    let before = stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap().remove(0);
    let _events = stage.events();
    assert_eq!(stage.by(BETA, |app| file_for(app, "0x1", &["b", "c"])), Ok(true));
    assert_eq!(stage.events(), ["TermsFiled"]);
    // Those already named need not be named again.
    assert_eq!(stage.by(BETA, |app| file_for(app, "0x1", &["d"])), Ok(true));
    let after = stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap();
    let parties = ["b", "c", "d"].map(|label| sealed(label, "one")).to_vec();
    assert_eq!(after, [crate::terms::TermsView { parties, ..before }]);
    let filing = stage.keep(|app| app.filings(None, None)).unwrap().entries.remove(1);
    assert_eq!((filing.commitment.as_str(), filing.labels), ("0x1", ["b", "c", "d"].map(label).to_vec()));
    let listed = stage.keep(|app| app.terms_of_patient("tag".into(), None, None)).unwrap().entries;
    assert_eq!(listed.iter().map(|terms| terms.commitment.as_str()).collect::<Vec<_>>(), ["0x2", "0x1"]);
}

#[test]
fn terms_for_fewer_parties_again_take_none_away() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file_for(app, "0x1", &["b", "c"])), Ok(true));
    let before = stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap();
    let _events = stage.events();
    for labels in [&["b"][..], &["c"], &["c", "b"]] {
        assert_eq!(stage.by(BETA, |app| file_for(app, "0x1", labels)), Ok(false));
    }
    assert_eq!(stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap(), before);
    assert!(stage.events().is_empty());
}

#[test]
fn terms_that_add_a_party_and_say_something_else_besides_are_a_conflict_and_add_none() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file_for(app, "0x1", &["b"])), Ok(true));
    let before = stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap();
    let with_new = |content: &str| vec![sealed("c", "one"), sealed("b", content)];
    for (parties, tag, nonce, replaces) in [
        (with_new("two"), "tag", "nonce", None),
        (with_new("one"), "other", "nonce", None),
        (with_new("one"), "tag", "other", None),
        (with_new("one"), "tag", "nonce", Some("0x9".to_owned())),
    ] {
        let answer = stage.by(BETA, |app| app.file_terms("0x1".into(), tag.into(), parties, nonce.into(), replaces, 7));
        assert_eq!(answer, Err(Error::TermsConflict { commitment: "0x1".into() }));
    }
    assert_eq!(stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap(), before);
}

#[test]
fn parties_are_added_up_to_the_limit_of_one_filing() {
    let mut stage = Stage::new();
    for number in 1..=16_u32 {
        assert_eq!(stage.by(BETA, |app| file_for(app, "0x1", &[&format!("{number:x}")])), Ok(true));
    }
    let more = stage.by(BETA, |app| file_for(app, "0x1", &["11"]));
    assert_eq!(more, Err(Error::TooLarge { field: "parties".into(), limit: 16 }));
    assert_eq!(stage.keep(|app| app.terms_by_commitment("0x1".into())).unwrap()[0].parties.len(), 16);
}

#[test]
fn terms_that_grow_and_grow_end_in_an_error_and_not_in_a_page_that_nobody_can_store() {
    let mut stage = Stage::new();
    let large = "x".repeat(16 * 1024);
    let mut add = |commitment: u32, party: u32| {
        let parties = vec![sealed(&format!("{party:x}"), if party == 0 { "x" } else { &large })];
        stage.by(BETA, |app| app.file_terms(format!("{commitment:#x}"), "tag".into(), parties, "n".into(), None, 0))
    };
    for commitment in 0..5 {
        assert_eq!(add(commitment, 0), Ok(true));
    }
    let mut added = 0;
    let refused = (0..5).flat_map(|commitment| (1..16).map(move |party| (commitment, party))).find_map(|(commitment, party)| {
        added += 1;
        add(commitment, party).err()
    });
    assert_eq!((added, refused), (64, Some(Error::TooLarge { field: "page".into(), limit: 1024 * 1024 })));
    assert_eq!(listed(&mut stage).len(), 5);
}

#[test]
fn lists_come_newest_first_and_page_by_page_without_gap_or_repeat() {
    let mut stage = Stage::new();
    for number in 1..=25_u32 {
        let author = [BETA, GAMMA][number as usize % 2];
        assert_eq!(stage.by(author, |app| file(app, &format!("{number:#x}"), "x")), Ok(true));
    }
    let expected: Vec<String> = (1..=25_u32).rev().map(|number| format!("{number:#x}")).collect();
    for is_by_patient in [true, false] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (commitments, next) = stage.keep(|app| {
                if is_by_patient {
                    let page = app.terms_of_patient("tag".into(), after.clone(), Some(4)).unwrap();
                    (page.entries.into_iter().map(|terms| terms.commitment).collect::<Vec<_>>(), page.next)
                } else {
                    let page = app.filings(after.clone(), Some(4)).unwrap();
                    (page.entries.into_iter().map(|filing| filing.commitment).collect(), page.next)
                }
            });
            seen.extend(commitments);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected);
    }
}

#[test]
fn malformed_and_oversize_terms_are_refused_and_leave_nothing() {
    let mut stage = Stage::new();
    let mut file = |commitment: &str, tag: &str, parties: Vec<Sealed>, nonce: &str, replaces: Option<&str>| {
        stage.by(BETA, |app| app.file_terms(commitment.into(), tag.into(), parties, nonce.into(), replaces.map(Into::into), 0))
    };
    let good = || vec![sealed("b", "x")];
    assert_bad("commitment", file("ab", "t", good(), "n", None));
    assert_bad("commitment", file(&format!("0x{}", "1".repeat(65)), "t", good(), "n", None));
    assert_bad("patient_tag", file("0xa", "", good(), "n", None));
    assert_bad("patient_tag", file("0xa", "two words", good(), "n", None));
    assert_bad("nonce", file("0xa", "t", good(), "", None));
    assert_bad("replaces", file("0xa", "t", good(), "n", Some("x")));
    assert_bad("parties", file("0xa", "t", vec![], "n", None));
    for wrong in ["b".to_owned(), label("g"), label("B"), format!("{}é", "0".repeat(62))] {
        assert_bad("parties.label", file("0xa", "t", vec![Sealed { label: wrong, sealed: "eA==".into() }], "n", None));
    }
    assert_bad("parties.sealed", file("0xa", "t", vec![Sealed { label: label("b"), sealed: "*".into() }], "n", None));
    assert_eq!(
        file("0xa", "t", vec![sealed("b", &"x".repeat(16 * 1024 + 1))], "n", None),
        Err(Error::TooLarge { field: "parties.sealed".into(), limit: 16 * 1024 })
    );
    assert_bad("parties.label", file("0xa", "t", vec![sealed("b", "x"), sealed("b", "y")], "n", None));
    assert_eq!(
        file("0xa", "t", (0..17).map(|_| sealed("b", "x")).collect(), "n", None),
        Err(Error::TooLarge { field: "parties".into(), limit: 16 })
    );
    assert_eq!(
        file("0xa", &"t".repeat(129), good(), "n", None),
        Err(Error::TooLarge { field: "patient_tag".into(), limit: 128 })
    );
    assert!(listed(&mut stage).is_empty());
    assert!(stage.events().is_empty());
    assert_bad("limit", stage.keep(|app| app.filings(None, Some(0))));
    assert_bad("limit", stage.keep(|app| app.filings(None, Some(201))));
    assert_bad("after", stage.keep(|app| app.filings(Some("x".into()), None)));
}

#[test]
fn terms_say_which_ones_they_replace() {
    let mut stage = Stage::new();
    let filed = stage.by(BETA, |app| {
        app.file_terms("0x2".into(), "tag".into(), vec![sealed("b", "x")], "n".into(), Some("0x001".into()), 0)
    });
    assert_eq!(filed, Ok(true));
    assert_eq!(stage.keep(|app| app.terms_by_commitment("0x2".into())).unwrap()[0].replaces.as_deref(), Some("0x1"));
}

#[test]
fn an_entry_larger_than_a_page_has_one_for_itself() {
    let mut stage = Stage::new();
    for number in 1..=5_u32 {
        let parties = vec![sealed("b", &"x".repeat(15 * 1024))];
        let filed = stage.by(BETA, |app| app.file_terms(format!("{number:#x}"), "tag".into(), parties, "n".into(), None, 0));
        assert_eq!(filed, Ok(true));
    }
    assert_eq!(listed(&mut stage), ["0x5", "0x4", "0x3", "0x2", "0x1"]);
}
