//! Opening, contributing to, closing and aborting rounds.

use super::*;
use crate::rounds::{Outgoing, RoundView};

fn open(stage: &mut Stage, name: &str, threshold: u32) -> String {
    let opened = stage.keep(|app| {
        let parties = vec![hex(&BETA), hex(&GAMMA)];
        app.open_round(name.into(), "sum".into(), parties, NEXT_CENTURY_S, threshold, r#"{"bits":8}"#.into())
    });
    opened.unwrap()
}

fn message(to: Option<[u8; 32]>, content: &str) -> Outgoing {
    Outgoing { to: to.map(|to| hex(&to)), sealed: crate::ids::base64(content.as_bytes()) }
}

fn contribute(app: &mut MedSync, round: &str, step: u32, content: &str) -> Result<bool, Error> {
    app.contribute(round.into(), step, vec![message(Some(BETA), content), message(None, "all")])
}

fn view(stage: &mut Stage, round: &str) -> RoundView {
    stage.keep(|app| app.round(round.into())).unwrap()
}

#[test]
fn a_round_runs_from_its_opening_over_its_steps_to_its_result() {
    let mut stage = Stage::new();
    let round = open(&mut stage, "r", 2);
    assert_eq!(round, format!("{}.r", hex(&stage.keeper)));
    for step in 0..2 {
        for party in [BETA, GAMMA] {
            assert_eq!(stage.by(party, |app| contribute(app, &round, step, "x")), Ok(true));
        }
    }
    assert_eq!(stage.keep(|app| app.close_round(round.clone(), r#"{"sum":3}"#.into())), Ok(true));
    let view = view(&mut stage, &round);
    assert_eq!((view.state.as_str(), view.result.as_deref(), view.reason), ("closed", Some(r#"{"sum":3}"#), None));
    assert_eq!((view.kind.as_str(), view.threshold, view.is_overdue), ("sum", 2, false));
    assert_eq!((view.ended_by, view.parameters), (Some(hex(&stage.keeper)), r#"{"bits":8}"#.into()));
    assert_eq!(view.steps.iter().map(|step| (step.step, step.contributed.len())).collect::<Vec<_>>(), [(0, 2), (1, 2)]);
    let events = ["RoundOpened", "Contributed", "Contributed", "Contributed", "Contributed", "RoundClosed"];
    assert_eq!(stage.events(), events);
}

#[test]
fn messages_reach_their_recipient_and_those_to_all_reach_every_party_and_the_opener() {
    let mut stage = Stage::new();
    let round = open(&mut stage, "r", 1);
    assert_eq!(stage.by(GAMMA, |app| contribute(app, &round, 0, "for beta")), Ok(true));
    let mut read = |by: [u8; 32], step: u32| {
        let messages = stage.by(by, |app| app.messages_for_me(round.clone(), step)).unwrap();
        messages.into_iter().map(|message| (message.from, message.to, message.sealed)).collect::<Vec<_>>()
    };
    let to_all = (hex(&GAMMA), None, crate::ids::base64(b"all"));
    assert_eq!(read(BETA, 0), [(hex(&GAMMA), Some(hex(&BETA)), crate::ids::base64(b"for beta")), to_all.clone()]);
    assert_eq!(read(GAMMA, 0), [to_all.clone()]);
    assert_eq!(read(BETA, 1), []);
    let keeper = stage.keeper;
    let messages = stage.by(keeper, |app| app.messages_for_me(round.clone(), 0)).unwrap();
    assert_eq!(messages.len(), 1);
}

#[test]
fn opening_again_changes_nothing_and_another_round_needs_another_name() {
    let mut stage = Stage::new();
    let round = open(&mut stage, "r", 2);
    assert_eq!(open(&mut stage, "r", 2), round);
    assert_eq!(stage.events(), ["RoundOpened"]);
    let parties = vec![hex(&BETA), hex(&GAMMA)];
    let other = stage.keep(|app| app.open_round("r".into(), "sum".into(), parties.clone(), NEXT_CENTURY_S, 1, "{}".into()));
    assert_eq!(other, Err(Error::RoundConflict { round }));
    // Another opener's name is another round.
    let other = stage.by(BETA, |app| app.open_round("r".into(), "sum".into(), parties, NEXT_CENTURY_S, 1, "{}".into()));
    assert_eq!(other, Ok(format!("{}.r", hex(&BETA))));
}

#[test]
fn a_contribution_is_final_and_a_retry_changes_nothing_even_after_the_end() {
    let mut stage = Stage::new();
    let round = open(&mut stage, "r", 1);
    assert_eq!(stage.by(BETA, |app| contribute(app, &round, 0, "x")), Ok(true));
    assert_eq!(stage.by(BETA, |app| contribute(app, &round, 0, "x")), Ok(false));
    let conflict = Error::AlreadyContributed { round: round.clone(), step: 0 };
    assert_eq!(stage.by(BETA, |app| contribute(app, &round, 0, "y")), Err(conflict));
    assert_eq!(stage.keep(|app| app.close_round(round.clone(), "1".into())), Ok(true));
    assert_eq!(stage.by(BETA, |app| contribute(app, &round, 0, "x")), Ok(false));
}

#[test]
fn an_ended_round_takes_no_contribution_and_no_other_ending() {
    let mut stage = Stage::new();
    let closed = open(&mut stage, "closed", 1);
    assert_eq!(stage.by(BETA, |app| contribute(app, &closed, 0, "x")), Ok(true));
    assert_eq!(stage.keep(|app| app.close_round(closed.clone(), "1".into())), Ok(true));
    assert_eq!(stage.keep(|app| app.close_round(closed.clone(), "1".into())), Ok(false));
    let ended = Error::RoundEnded { round: closed.clone(), state: "closed".into() };
    assert_eq!(stage.keep(|app| app.close_round(closed.clone(), "2".into())), Err(ended.clone()));
    assert_eq!(stage.by(GAMMA, |app| app.abort_round(closed.clone(), "no".into())), Err(ended.clone()));
    assert_eq!(stage.by(GAMMA, |app| contribute(app, &closed, 0, "x")), Err(ended));

    let aborted = open(&mut stage, "aborted", 1);
    assert_eq!(stage.by(BETA, |app| contribute(app, &aborted, 0, "x")), Ok(true));
    assert_eq!(stage.by(GAMMA, |app| app.abort_round(aborted.clone(), "beta is away".into())), Ok(true));
    assert_eq!(stage.by(BETA, |app| app.abort_round(aborted.clone(), "me too".into())), Ok(false));
    let ended = Error::RoundEnded { round: aborted.clone(), state: "aborted".into() };
    assert_eq!(stage.keep(|app| app.close_round(aborted.clone(), "1".into())), Err(ended.clone()));
    assert_eq!(stage.by(GAMMA, |app| contribute(app, &aborted, 0, "x")), Err(ended));
    let view = view(&mut stage, &aborted);
    assert_eq!((view.state.as_str(), view.reason.as_deref(), view.result), ("aborted", Some("beta is away"), None));
    assert_eq!(view.ended_by, Some(hex(&GAMMA)));
}

#[test]
fn a_round_is_closed_by_its_opener_once_enough_parties_took_the_last_step() {
    let mut stage = Stage::new();
    let round = open(&mut stage, "r", 2);
    let too_few =
        |have| Err(Error::TooFewContributions { round: format!("{}.r", round.split_once('.').unwrap().0), have, need: 2 });
    assert_eq!(stage.keep(|app| app.close_round(round.clone(), "1".into())), too_few(0));
    for party in [BETA, GAMMA] {
        assert_eq!(stage.by(party, |app| contribute(app, &round, 0, "x")), Ok(true));
    }
    assert_eq!(stage.by(BETA, |app| contribute(app, &round, 1, "x")), Ok(true));
    assert_eq!(stage.keep(|app| app.close_round(round.clone(), "1".into())), too_few(1));
    assert_eq!(
        stage.by(BETA, |app| app.close_round(round.clone(), "1".into())),
        Err(Error::NotTheOpener { round: round.clone() })
    );
    assert_eq!(stage.by(GAMMA, |app| contribute(app, &round, 1, "x")), Ok(true));
    assert_eq!(stage.keep(|app| app.close_round(round.clone(), "1".into())), Ok(true));
}

#[test]
fn only_parties_contribute_and_only_parties_and_the_opener_read_and_abort() {
    let mut stage = Stage::new();
    let opened = stage.keep(|app| app.open_round("r".into(), "k".into(), vec![hex(&BETA)], NEXT_CENTURY_S, 1, "{}".into()));
    let round = opened.unwrap();
    let not_a_party = Error::NotAParty { round: round.clone() };
    assert_eq!(stage.by(GAMMA, |app| contribute(app, &round, 0, "x")), Err(not_a_party.clone()));
    assert_eq!(stage.keep(|app| contribute(app, &round, 0, "x")), Err(not_a_party.clone()));
    assert_eq!(stage.by(GAMMA, |app| app.messages_for_me(round.clone(), 0)), Err(not_a_party.clone()));
    assert_eq!(stage.by(GAMMA, |app| app.abort_round(round.clone(), String::new())), Err(not_a_party));
    assert_eq!(stage.keep(|app| app.abort_round(round.clone(), String::new())), Ok(true));
}

#[test]
fn after_the_deadline_nobody_contributes_but_the_round_can_be_aborted() {
    let mut stage = Stage::new();
    // The app opens no round in the past, so the clock has moved on since.
    let round = stage.keep(|app| crate::rounds::opened_before(app, "r", vec![BETA, GAMMA], 1_000));
    assert!(view(&mut stage, &round).is_overdue);
    let passed = Error::DeadlinePassed { round: round.clone(), deadline_s: 1_000 };
    assert_eq!(stage.by(BETA, |app| contribute(app, &round, 0, "x")), Err(passed));
    assert_eq!(stage.by(BETA, |app| app.abort_round(round.clone(), "late".into())), Ok(true));
}

#[test]
fn unknown_rounds_are_named() {
    let mut stage = Stage::new();
    for round in ["r".to_owned(), format!("{}.r", hex(&BETA)), format!("{}.r", hex(&STRANGER)), String::new()] {
        let unknown = Error::UnknownRound { round: round.clone() };
        assert_eq!(stage.keep(|app| app.round(round.clone())), Err(unknown.clone()));
        assert_eq!(stage.keep(|app| contribute(app, &round, 0, "x")), Err(unknown.clone()));
        assert_eq!(stage.keep(|app| app.messages_for_me(round.clone(), 0)), Err(unknown.clone()));
        assert_eq!(stage.keep(|app| app.close_round(round.clone(), "1".into())), Err(unknown.clone()));
        assert_eq!(stage.keep(|app| app.abort_round(round.clone(), String::new())), Err(unknown));
    }
}

#[test]
fn rounds_are_listed_newest_first_by_state() {
    let mut stage = Stage::new();
    let rounds: Vec<String> = (0..6).map(|number| open(&mut stage, &format!("r{number}"), 1)).collect();
    assert_eq!(stage.by(BETA, |app| app.abort_round(rounds[1].clone(), "no".into())), Ok(true));
    assert_eq!(stage.by(BETA, |app| contribute(app, &rounds[2], 0, "x")), Ok(true));
    assert_eq!(stage.keep(|app| app.close_round(rounds[2].clone(), "1".into())), Ok(true));
    let mut list = |state: Option<&str>| {
        let page = stage.by(GAMMA, |app| app.rounds(state.map(Into::into), None, None)).unwrap();
        page.entries.into_iter().map(|round| round.id.split_once('.').unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list(None), ["r5", "r4", "r3", "r2", "r1", "r0"]);
    assert_eq!(list(Some("opened")), ["r5", "r4", "r3", "r0"]);
    assert_eq!(list(Some("closed")), ["r2"]);
    assert_eq!(list(Some("aborted")), ["r1"]);
    assert_bad("state", stage.keep(|app| app.rounds(Some("x".into()), None, None)));
    let page = stage.keep(|app| app.rounds(Some("opened".into()), None, Some(3))).unwrap();
    let rest = stage.keep(|app| app.rounds(Some("opened".into()), page.next.clone(), Some(3))).unwrap();
    assert_eq!((page.entries.len(), rest.entries.len(), rest.next), (3, 1, None));
}

#[test]
fn malformed_rounds_and_contributions_are_refused_with_the_argument_that_is_wrong() {
    let mut stage = Stage::new();
    let beta = || vec![hex(&BETA)];
    let mut open = |name: &str, kind: &str, parties: Vec<String>, deadline_s: u64, threshold: u32, parameters: &str| {
        stage.keep(|app| app.open_round(name.into(), kind.into(), parties, deadline_s, threshold, parameters.into()))
    };
    assert_bad("id", open("", "k", beta(), NEXT_CENTURY_S, 1, "{}"));
    assert_bad("kind", open("r", "a b", beta(), NEXT_CENTURY_S, 1, "{}"));
    assert_bad("parties", open("r", "k", vec![], NEXT_CENTURY_S, 1, "{}"));
    assert_bad("parties", open("r", "k", vec!["b".into()], NEXT_CENTURY_S, 1, "{}"));
    assert_bad("parties", open("r", "k", vec![hex(&BETA), hex(&BETA)], NEXT_CENTURY_S, 1, "{}"));
    assert_bad("deadline_s", open("r", "k", beta(), 1, 1, "{}"));
    assert_bad("threshold", open("r", "k", beta(), NEXT_CENTURY_S, 0, "{}"));
    assert_bad("threshold", open("r", "k", beta(), NEXT_CENTURY_S, 2, "{}"));
    assert_bad("parameters", open("r", "k", beta(), NEXT_CENTURY_S, 1, "{"));
    let unknown = Err(Error::UnknownMember { executor: hex(&STRANGER) });
    assert_eq!(open("r", "k", vec![hex(&STRANGER)], NEXT_CENTURY_S, 1, "{}"), unknown);
    let large = format!("\"{}\"", "x".repeat(64 * 1024));
    assert_eq!(
        open("r", "k", beta(), NEXT_CENTURY_S, 1, &large),
        Err(Error::TooLarge { field: "parameters".into(), limit: 64 * 1024 })
    );

    let round = open("r", "k", beta(), NEXT_CENTURY_S, 1, "{}").unwrap();
    let mut contribute = |step: u32, messages: Vec<Outgoing>| stage.by(BETA, |app| app.contribute(round.clone(), step, messages));
    assert_bad("step", contribute(64, vec![]));
    assert_bad("messages.to", contribute(0, vec![message(Some(GAMMA), "x")]));
    assert_bad("messages.to", contribute(0, vec![Outgoing { to: Some("b".into()), sealed: String::new() }]));
    assert_bad("messages.sealed", contribute(0, vec![Outgoing { to: None, sealed: "*".into() }]));
    let half = "x".repeat(300 * 1024);
    assert_eq!(
        contribute(0, vec![message(None, &half), message(None, &half)]),
        Err(Error::TooLarge { field: "messages".into(), limit: 512 * 1024 })
    );
    assert_eq!(
        contribute(0, (0..129).map(|_| message(None, "x")).collect()),
        Err(Error::TooLarge { field: "messages".into(), limit: 128 })
    );
    assert_eq!(contribute(0, vec![message(None, &"x".repeat(512 * 1024))]), Ok(true));
    assert_bad("result", stage.keep(|app| app.close_round(round.clone(), "{".into())));
}
