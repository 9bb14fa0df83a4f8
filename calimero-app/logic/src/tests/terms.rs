//! Filing and finding consent terms.

use super::*;
use crate::terms::Sealed;

fn sealed(organisation: &str, content: &str) -> Sealed {
    Sealed { organisation: organisation.into(), sealed: crate::ids::base64(content.as_bytes()) }
}

fn file(app: &mut MedSync, commitment: &str, content: &str) -> Result<bool, Error> {
    let parties = vec![sealed("0xb", content), sealed("0x0C", content)];
    app.file_terms(commitment.into(), "tag".into(), parties, "nonce".into(), None, 7)
}

#[test]
fn filed_terms_are_found_by_commitment_by_patient_and_by_party() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file(app, "0x00AB", "one")), Ok(true));
    assert_eq!(stage.events(), ["TermsFiled"]);
    let found = stage.by(GAMMA, |app| app.terms_by_commitment("0xab".into())).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].commitment, "0xab");
    assert_eq!(found[0].parties, [sealed("0xb", "one"), sealed("0xc", "one")]);
    assert_eq!((found[0].filed_by.clone(), found[0].filed_at_s, found[0].replaces.clone()), (hex(&BETA), 7, None));
    assert_eq!(stage.by(GAMMA, |app| app.terms_of_patient("tag".into(), None, None)).unwrap().entries, found);
    assert_eq!(stage.by(GAMMA, |app| app.terms_for("0xC".into(), None, None)).unwrap().entries, found);
    assert_eq!(stage.by(GAMMA, |app| app.terms_for("0xd".into(), None, None)).unwrap().entries, []);
    assert_eq!(stage.by(GAMMA, |app| app.terms_of_patient("other".into(), None, None)).unwrap().entries, []);
}

#[test]
fn the_same_terms_again_change_nothing_also_at_a_later_time() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| file(app, "0xab", "one")), Ok(true));
    let again = stage.by(BETA, |app| {
        let parties = vec![sealed("0xb", "one"), sealed("0xc", "one")];
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
            let page = stage
                .keep(|app| {
                    if is_by_patient {
                        app.terms_of_patient("tag".into(), after.clone(), Some(4))
                    } else {
                        app.terms_for("0xb".into(), after.clone(), Some(4))
                    }
                })
                .unwrap();
            seen.extend(page.entries.into_iter().map(|terms| terms.commitment));
            after = page.next;
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
    let good = || vec![sealed("0xb", "x")];
    assert_bad("commitment", file("ab", "t", good(), "n", None));
    assert_bad("commitment", file(&format!("0x{}", "1".repeat(65)), "t", good(), "n", None));
    assert_bad("patient_tag", file("0xa", "", good(), "n", None));
    assert_bad("patient_tag", file("0xa", "two words", good(), "n", None));
    assert_bad("nonce", file("0xa", "t", good(), "", None));
    assert_bad("replaces", file("0xa", "t", good(), "n", Some("x")));
    assert_bad("parties", file("0xa", "t", vec![], "n", None));
    assert_bad("parties.organisation", file("0xa", "t", vec![sealed("b", "x")], "n", None));
    assert_bad("parties.sealed", file("0xa", "t", vec![Sealed { organisation: "0xb".into(), sealed: "*".into() }], "n", None));
    assert_eq!(
        file("0xa", "t", vec![sealed("0xb", &"x".repeat(16 * 1024 + 1))], "n", None),
        Err(Error::TooLarge { field: "parties.sealed".into(), limit: 16 * 1024 })
    );
    assert_eq!(
        file("0xa", "t", (0..17).map(|_| sealed("0xb", "x")).collect(), "n", None),
        Err(Error::TooLarge { field: "parties".into(), limit: 16 })
    );
    assert_eq!(
        file("0xa", &"t".repeat(129), good(), "n", None),
        Err(Error::TooLarge { field: "patient_tag".into(), limit: 128 })
    );
    assert_eq!(stage.keep(|app| app.terms_for("0xb".into(), None, None)).unwrap().entries, []);
    assert!(stage.events().is_empty());
    assert_bad("limit", stage.keep(|app| app.terms_for("0xb".into(), None, Some(0))));
    assert_bad("limit", stage.keep(|app| app.terms_for("0xb".into(), None, Some(201))));
    assert_bad("after", stage.keep(|app| app.terms_for("0xb".into(), Some("x".into()), None)));
}

#[test]
fn terms_say_which_ones_they_replace() {
    let mut stage = Stage::new();
    let filed = stage.by(BETA, |app| {
        app.file_terms("0x2".into(), "tag".into(), vec![sealed("0xb", "x")], "n".into(), Some("0x001".into()), 0)
    });
    assert_eq!(filed, Ok(true));
    assert_eq!(stage.keep(|app| app.terms_by_commitment("0x2".into())).unwrap()[0].replaces.as_deref(), Some("0x1"));
}

#[test]
fn an_entry_larger_than_a_page_has_one_for_itself() {
    let mut stage = Stage::new();
    for number in 1..=5_u32 {
        let parties = vec![sealed("0xb", &"x".repeat(15 * 1024))];
        let filed = stage.by(BETA, |app| app.file_terms(format!("{number:#x}"), "tag".into(), parties, "n".into(), None, 0));
        assert_eq!(filed, Ok(true));
    }
    let page = stage.keep(|app| app.terms_for("0xb".into(), None, None)).unwrap();
    assert_eq!(
        page.entries.iter().map(|terms| terms.commitment.as_str()).collect::<Vec<_>>(),
        ["0x5", "0x4", "0x3", "0x2", "0x1"]
    );
}
