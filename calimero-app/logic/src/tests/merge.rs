//! Nodes that wrote at the same time and heard of each other in any order come to the same state, and to the right one.

use super::circle::{Circle, Delta};
use crate::errors::Error;
use crate::rounds::Outgoing;
use crate::terms::Sealed;

const SEEDS: [u64; 4] = [1, 7, 42, 0x00C0_FFEE];
const NEXT_CENTURY_S: u64 = super::NEXT_CENTURY_S;

/// Runs the same story on fresh circles, delivered in other orders, and looks at every node of each.
fn in_any_order(story: impl Fn(&Circle) -> Vec<(usize, Delta)>, check: impl Fn(&Circle, usize)) {
    for seed in SEEDS {
        let circle = Circle::new(3);
        let deltas = story(&circle);
        let hashes = circle.gossip(&deltas, seed);
        assert!(hashes.iter().all(|hash| *hash == hashes[0]), "error: states differ with seed {seed}");
        for node in 0..3 {
            check(&circle, node);
        }
    }
}

fn sent<R: core::fmt::Debug>(deltas: &mut Vec<(usize, Delta)>, node: usize, (answer, delta): (Result<R, Error>, Delta)) -> R {
    deltas.push((node, delta));
    answer.expect("an honest call")
}

fn seal(content: &str) -> Vec<Sealed> {
    vec![Sealed { label: "a1".repeat(32), sealed: crate::ids::base64(content.as_bytes()) }]
}

#[test]
fn members_are_what_the_keeper_wrote_last() {
    in_any_order(
        |circle| {
            let mut deltas = Vec::new();
            let executor = circle.executor_hex(1);
            for key in ["AAAA", "BBBB", "CCCC"] {
                let call = circle.call(0, |app| app.admit_member(executor.clone(), "0xa1".into(), "hospital".into(), key.into()));
                let _is_new = sent(&mut deltas, 0, call);
            }
            let executor = circle.executor_hex(2);
            assert!(sent(&mut deltas, 0, circle.call(0, |app| app.remove_member(executor))));
            deltas
        },
        |circle, node| {
            let members = circle.view(node, |app| app.members()).unwrap();
            let of = |executor: String| members.iter().find(|member| member.executor == executor).unwrap();
            assert_eq!(of(circle.executor_hex(1)).encryption_key_base64, "CCCC");
            assert!(!of(circle.executor_hex(2)).is_active && of(circle.executor_hex(1)).is_active);
            assert_eq!(circle.view(node, |app| app.whoami()).unwrap().is_member, node != 2);
        },
    );
}

#[test]
fn a_party_that_was_added_to_terms_is_there_in_whatever_order_the_news_comes() {
    in_any_order(
        |circle| {
            let mut deltas = Vec::new();
            for label in ["a1", "a2", "a3"] {
                for node in [0, 1] {
                    let parties = vec![Sealed { label: label.repeat(32), sealed: "AAAA".into() }];
                    let call = circle
                        .call(node, |app| app.file_terms("0x1".into(), "tag".into(), parties, "n".into(), None, node as u64));
                    assert!(sent(&mut deltas, node, call));
                }
            }
            deltas
        },
        |circle, node| {
            let found = circle.view(node, |app| app.terms_by_commitment("0x1".into())).unwrap();
            let labels = |at: usize| found[at].parties.iter().map(|party| &party.label[..2]).collect::<Vec<_>>();
            assert_eq!((found.len(), labels(0), labels(1)), (2, vec!["a1", "a2", "a3"], vec!["a1", "a2", "a3"]));
        },
    );
}

#[test]
fn terms_of_all_nodes_stand_side_by_side() {
    in_any_order(
        |circle| {
            let mut deltas = Vec::new();
            for node in 0..3 {
                for number in 1..=4_u32 {
                    // The first commitment is filed by all, the others by one.
                    let commitment = if number == 1 { "0x1".to_owned() } else { format!("{:#x}", number + 16 * node as u32) };
                    let call = circle.call(node, |app| {
                        app.file_terms(commitment, "tag".into(), seal(&format!("{node}")), "n".into(), None, 0)
                    });
                    assert!(sent(&mut deltas, node, call));
                }
            }
            deltas
        },
        |circle, node| {
            assert_eq!(circle.view(node, |app| app.terms_by_commitment("0x1".into())).unwrap().len(), 3);
            assert_eq!(circle.view(node, |app| app.terms_of_patient("tag".into(), None, None)).unwrap().entries.len(), 12);
            let list = circle.view(node, |app| app.filings(None, None)).unwrap();
            assert_eq!(list.entries.len(), 12);
            let order: Vec<_> = list.entries.iter().map(|filing| (filing.sequence, filing.filed_by.clone())).collect();
            assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "newest first, in the same order everywhere");
        },
    );
}

#[test]
fn a_catalogue_entry_has_the_state_that_its_hospital_gave_it_last() {
    in_any_order(
        |circle| {
            let mut deltas = Vec::new();
            for node in 0..3 {
                for number in 0..3 {
                    let call = circle.call(node, |app| app.put_catalogue_entry(format!("r{node}-{number}"), "0x1".into()));
                    assert!(sent(&mut deltas, node, call));
                }
                let call = circle.call(node, |app| app.remove_catalogue_entry(format!("r{node}-0")));
                assert!(sent(&mut deltas, node, call));
                let call = circle.call(node, |app| app.remove_catalogue_entry(format!("r{node}-1")));
                assert!(sent(&mut deltas, node, call));
                let call = circle.call(node, |app| app.put_catalogue_entry(format!("r{node}-1"), "0x1".into()));
                assert!(sent(&mut deltas, node, call));
            }
            deltas
        },
        |circle, node| {
            let of = circle.view(node, |app| app.catalogue_of("0x1".into(), None, None)).unwrap();
            let mut records: Vec<_> = of.entries.iter().map(|entry| entry.record.as_str()).collect();
            records.sort_unstable();
            assert_eq!(records, ["r0-1", "r0-2", "r1-1", "r1-2", "r2-1", "r2-2"]);
            assert_eq!(circle.view(node, |app| app.catalogue_page(None, None)).unwrap().entries, of.entries);
        },
    );
}

/// A circle in which the keeper opened a round for the other two, and all know of it.
fn with_round(circle: &Circle, threshold: u32) -> String {
    let parties = vec![circle.executor_hex(1), circle.executor_hex(2)];
    let (round, delta) =
        circle.call(0, |app| app.open_round("r".into(), "sum".into(), parties, NEXT_CENTURY_S, threshold, "{}".into()));
    circle.deliver_to_others(0, &delta);
    round.unwrap()
}

fn contribute(circle: &Circle, node: usize, round: &str, content: &str) -> (Result<bool, Error>, Delta) {
    let messages = vec![Outgoing { to: None, sealed: crate::ids::base64(content.as_bytes()) }];
    circle.call(node, |app| app.contribute(round.into(), 0, messages))
}

fn state(circle: &Circle, node: usize) -> (String, usize) {
    let round = format!("{}.r", circle.executor_hex(0));
    let view = circle.view(node, |app| app.round(round)).unwrap();
    (view.state, view.steps.first().map_or(0, |step| step.contributed.len()))
}

#[test]
fn contributions_made_at_the_same_time_all_count() {
    in_any_order(
        |circle| {
            let round = with_round(circle, 2);
            let mut deltas = Vec::new();
            for node in [1, 2] {
                assert!(sent(&mut deltas, node, contribute(circle, node, &round, "x")));
            }
            deltas
        },
        |circle, node| {
            assert_eq!(state(circle, node), ("opened".into(), 2));
            let round = format!("{}.r", circle.executor_hex(0));
            assert_eq!(circle.view(node, |app| app.messages_for_me(round, 0)).unwrap().len(), 2);
        },
    );
}

#[test]
fn a_complete_closing_wins_over_an_abort_at_the_same_time() {
    in_any_order(
        |circle| {
            let round = with_round(circle, 2);
            let mut deltas = Vec::new();
            for node in [1, 2] {
                assert!(sent(&mut deltas, node, contribute(circle, node, &round, "x")));
                let _hash = circle.deliver(0, &deltas.last().unwrap().1);
            }
            assert!(sent(&mut deltas, 0, circle.call(0, |app| app.close_round(round.clone(), "1".into()))));
            // Node 2 knows neither of the closing nor of the other contribution.
            assert!(sent(&mut deltas, 2, circle.call(2, |app| app.abort_round(round, "nobody answers".into()))));
            deltas
        },
        |circle, node| assert_eq!(state(circle, node), ("closed".into(), 2)),
    );
}

#[test]
fn of_aborts_at_the_same_time_all_nodes_name_the_same_one() {
    in_any_order(
        |circle| {
            let round = with_round(circle, 2);
            let mut deltas = Vec::new();
            for node in [0, 1, 2] {
                let call = circle.call(node, |app| app.abort_round(round.clone(), format!("{node}")));
                assert!(sent(&mut deltas, node, call));
            }
            deltas
        },
        |circle, node| {
            let round = format!("{}.r", circle.executor_hex(0));
            let reason = |node| circle.view(node, |app| app.round(round.clone())).unwrap().reason;
            assert_eq!(state(circle, node), ("aborted".into(), 0));
            assert_eq!(reason(node), reason(0));
        },
    );
}

#[test]
fn a_contribution_that_the_closing_did_not_count_is_ignored_everywhere() {
    in_any_order(
        |circle| {
            let round = with_round(circle, 1);
            let mut deltas = Vec::new();
            assert!(sent(&mut deltas, 1, contribute(circle, 1, &round, "x")));
            let _hash = circle.deliver(0, &deltas[0].1);
            assert!(sent(&mut deltas, 0, circle.call(0, |app| app.close_round(round.clone(), "1".into()))));
            // Node 2 has not heard of the end yet.
            assert!(sent(&mut deltas, 2, contribute(circle, 2, &round, "late")));
            deltas
        },
        |circle, node| assert_eq!(state(circle, node), ("closed".into(), 1)),
    );
}

#[test]
fn what_arrives_twice_counts_once() {
    let circle = Circle::new(3);
    let (answer, delta) = circle.call(1, |app| app.put_catalogue_entry("r".into(), "0x1".into()));
    assert_eq!(answer, Ok(true));
    let once = circle.deliver(0, &delta);
    assert_eq!(circle.deliver(0, &delta), once);
    assert_eq!(circle.view(0, |app| app.catalogue_page(None, None)).unwrap().entries.len(), 1);
}

#[test]
fn private_values_are_in_no_shared_state_and_in_no_delta() {
    let circle = Circle::new(3);
    let secret = b"SECRET-VALUE-42";
    let (kept, delta) = circle.call(1, |app| app.put_private("scores".into(), "SECRET-KEY".into(), crate::ids::base64(secret)));
    assert_eq!(kept, Ok(()));
    circle.deliver_to_others(1, &delta);
    for bytes in [secret.as_slice(), b"SECRET-KEY", crate::ids::base64(secret).as_bytes(), b"scores"] {
        assert!(!delta.holds(bytes));
        assert!((0..3).all(|node| !circle.holds(node, bytes)));
    }
    // The search would find what is there.
    let (listed, delta) = circle.call(1, |app| app.put_catalogue_entry("PUBLIC-NAME".into(), "0x1".into()));
    assert_eq!(listed, Ok(true));
    assert!(delta.holds(b"PUBLIC-NAME") && circle.holds(1, b"PUBLIC-NAME"));
}
