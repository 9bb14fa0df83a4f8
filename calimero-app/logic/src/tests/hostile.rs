//! That a hostile build's forgeries look true on its own node, and to nobody else.

use super::circle::Circle;
use crate::terms::Sealed;

const MALLORY: usize = 2;
const CLAIMS: [&str; 3] = ["owner", "nobody", "self"];

/// A circle in which node 1 has filed terms that all have.
fn filed() -> Circle {
    let circle = Circle::new(3);
    let parties = vec![Sealed { label: "a1".repeat(32), sealed: "AAAA".into() }];
    let (answer, delta) = circle.call(1, |app| app.file_terms("0x1".into(), "tag".into(), parties, "n".into(), None, 0));
    assert_eq!(answer, Ok(true));
    circle.deliver_to_others(1, &delta);
    circle
}

/// Commitments that a node lists, each with the tag that it finds under it.
fn terms(circle: &Circle, node: usize) -> Vec<(String, String)> {
    let filings = circle.view(node, |app| app.filings(None, None)).unwrap().entries;
    let tag_of = |commitment: &str| {
        let found = circle.view(node, |app| app.terms_by_commitment(commitment.to_owned())).unwrap();
        found.into_iter().map(|terms| terms.patient_tag).collect()
    };
    filings.into_iter().map(|filing| (filing.commitment.clone(), tag_of(&filing.commitment))).collect()
}

fn true_terms() -> Vec<(String, String)> {
    vec![("0x1".into(), "tag".into())]
}

#[test]
fn a_forged_change_of_terms_is_seen_by_its_forger_only() {
    for claiming in CLAIMS {
        let circle = filed();
        let victim = circle.executor_hex(1);
        let (answer, forged) = circle.call(MALLORY, |app| app.forge_terms_change("0x1".into(), victim, claiming.into()));
        assert_eq!(answer, Ok(true));
        circle.deliver_to_others(MALLORY, &forged);
        for node in [0, 1] {
            assert_eq!(terms(&circle, node), true_terms(), "claiming {claiming}");
        }
        if claiming == "owner" {
            assert_eq!(terms(&circle, MALLORY), [("0x1".to_owned(), "forged".to_owned())]);
        }
    }
}

#[test]
fn forged_terms_in_anothers_name_are_seen_by_their_forger_only() {
    for claiming in CLAIMS {
        let circle = filed();
        let victim = circle.executor_hex(1);
        let (answer, forged) = circle.call(MALLORY, |app| app.forge_terms_entry("0x1".into(), victim, claiming.into()));
        assert_eq!(answer, Ok(true));
        circle.deliver_to_others(MALLORY, &forged);
        for node in [0, 1] {
            assert_eq!(terms(&circle, node), true_terms(), "claiming {claiming}");
        }
        if claiming == "owner" {
            assert_eq!(terms(&circle, MALLORY).len(), 2);
        }
    }
}

#[test]
fn a_forged_removal_of_terms_is_seen_by_its_forger_only() {
    let circle = filed();
    let victim = circle.executor_hex(1);
    let (answer, forged) = circle.call(MALLORY, |app| app.forge_terms_removal("0x1".into(), victim));
    assert_eq!(answer, Ok(true));
    circle.deliver_to_others(MALLORY, &forged);
    assert_eq!((terms(&circle, 0), terms(&circle, 1)), (true_terms(), true_terms()));
    assert!(terms(&circle, MALLORY).is_empty());
}

#[test]
fn a_forged_member_and_a_forged_removal_are_seen_by_their_forger_only() {
    for claiming in CLAIMS {
        for (executor, is_active) in [("ee".repeat(32), true), (filed().executor_hex(1), false)] {
            let circle = filed();
            let before = circle.view(0, |app| app.members()).unwrap();
            let (answer, forged) = circle.call(MALLORY, |app| app.forge_member(executor.clone(), is_active, claiming.into()));
            assert_eq!(answer, Ok(true));
            circle.deliver_to_others(MALLORY, &forged);
            for node in [0, 1] {
                assert_eq!(circle.view(node, |app| app.members()).unwrap(), before, "claiming {claiming}");
            }
            if claiming == "owner" {
                let seen = circle.view(MALLORY, |app| app.members()).unwrap();
                let forged = seen.iter().find(|member| member.executor == executor).unwrap();
                assert_eq!((forged.organisation.as_str(), forged.is_active), ("0x666", is_active));
            }
        }
    }
}
