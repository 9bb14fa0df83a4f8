//! Who may say who belongs here.

use super::*;

#[test]
fn the_creator_is_keeper_and_first_member() {
    let mut stage = Stage::with_keeper_only();
    assert_eq!(stage.events(), ["CircleOpened"]);
    let whoami = stage.keep(|app| app.whoami()).unwrap();
    assert!(whoami.is_member && whoami.is_keeper);
    assert_eq!(whoami.organisation.as_deref(), Some("0xa"));
    assert_eq!(whoami.kind.as_deref(), Some("hospital"));
    assert_eq!(stage.keep(|app| app.members()).unwrap().len(), 1);
}

#[test]
#[should_panic(expected = "kind is malformed: expected hospital or research")]
fn a_circle_is_not_opened_for_an_unknown_kind_of_organisation() {
    let _host = TestHost::new(|| MedSync::init("0xa".into(), "insurer".into()));
}

#[test]
fn admitting_again_changes_nothing_and_a_new_key_replaces_the_old_one() {
    let mut stage = Stage::with_keeper_only();
    let admit = |stage: &mut Stage, key: &str| {
        stage.keep(|app| app.admit_member(hex(&BETA), "0x0B".into(), "research".into(), key.into()))
    };
    assert_eq!(admit(&mut stage, KEY), Ok(true));
    assert_eq!(admit(&mut stage, KEY), Ok(false));
    assert_eq!(admit(&mut stage, "AAAA"), Ok(true));
    let members = stage.keep(|app| app.members()).unwrap();
    let beta = members.iter().find(|member| member.executor == hex(&BETA)).unwrap();
    assert_eq!(
        (beta.encryption_key_base64.as_str(), beta.kind.as_str(), beta.organisation.as_str()),
        ("AAAA", "research", "0xb")
    );
    assert!(beta.is_active && !beta.is_keeper);
    assert_eq!(stage.events(), ["CircleOpened", "MemberAdmitted", "MemberAdmitted"]);
}

#[test]
fn only_the_keeper_admits_and_removes() {
    let mut stage = Stage::new();
    for executor in [BETA, STRANGER] {
        let admitted = stage.by(executor, |app| app.admit_member(hex(&STRANGER), "0x1".into(), "hospital".into(), KEY.into()));
        assert_eq!(admitted, Err(Error::NotTheKeeper));
        assert_eq!(stage.by(executor, |app| app.remove_member(hex(&GAMMA))), Err(Error::NotTheKeeper));
    }
    assert!(stage.events().is_empty());
}

#[test]
fn a_removed_member_may_not_write_any_more_and_can_be_brought_back() {
    let mut stage = Stage::new();
    assert_eq!(stage.by(BETA, |app| app.put_catalogue_entry("r".into(), "0x1".into())), Ok(true));
    assert_eq!(stage.keep(|app| app.remove_member(hex(&BETA))), Ok(true));
    assert_eq!(stage.keep(|app| app.remove_member(hex(&BETA))), Ok(false));
    assert_eq!(stage.by(BETA, |app| app.put_catalogue_entry("s".into(), "0x1".into())), Err(Error::NotAMember));
    assert!(!stage.by(BETA, |app| app.whoami()).unwrap().is_member);
    // What it filed while it was a member stays.
    assert_eq!(stage.keep(|app| app.catalogue_page(None, None)).unwrap().entries.len(), 1);
    assert_eq!(stage.keep(|app| app.admit_member(hex(&BETA), "0xb".into(), "hospital".into(), KEY.into())), Ok(true));
    assert_eq!(stage.by(BETA, |app| app.put_catalogue_entry("s".into(), "0x1".into())), Ok(true));
}

#[test]
fn the_keeper_cannot_be_removed_nor_somebody_who_never_was_here() {
    let mut stage = Stage::new();
    let keeper = hex(&stage.keeper);
    assert_eq!(stage.keep(|app| app.remove_member(keeper)), Err(Error::KeeperStays));
    assert_eq!(stage.keep(|app| app.remove_member(hex(&STRANGER))), Err(Error::UnknownMember { executor: hex(&STRANGER) }));
}

#[test]
fn malformed_members_are_refused_with_the_argument_that_is_wrong() {
    let mut stage = Stage::new();
    let mut admit = |executor: &str, organisation: &str, kind: &str, key: &str| {
        stage.keep(|app| app.admit_member(executor.into(), organisation.into(), kind.into(), key.into()))
    };
    let executor = hex(&STRANGER);
    assert_bad("executor", admit("ee", "0x1", "hospital", KEY));
    assert_bad("executor", admit(&executor.to_uppercase(), "0x1", "hospital", KEY));
    assert_bad("organisation", admit(&executor, "1", "hospital", KEY));
    assert_bad("organisation", admit(&executor, "0xg", "hospital", KEY));
    assert_bad("kind", admit(&executor, "0x1", "insurer", KEY));
    assert_bad("encryption_key_base64", admit(&executor, "0x1", "hospital", "not base64"));
    let large = crate::ids::base64(&[0; 257]);
    assert_eq!(
        admit(&executor, "0x1", "hospital", &large),
        Err(Error::TooLarge { field: "encryption_key_base64".into(), limit: 256 })
    );
}

#[test]
fn a_stranger_can_ask_who_it_is_and_nothing_else() {
    let mut stage = Stage::new();
    let whoami = stage.by(STRANGER, |app| app.whoami()).unwrap();
    assert_eq!((whoami.is_member, whoami.is_keeper, whoami.organisation), (false, false, None));
    let round = || format!("{}.r", hex(&BETA));
    let refused = stage.by(STRANGER, |app| {
        [
            app.file_terms("0x1".into(), "t".into(), vec![], "n".into(), None, 0).err(),
            app.terms_by_commitment("0x1".into()).err(),
            app.terms_of_patient("t".into(), None, None).err(),
            app.filings(None, None).err(),
            app.put_catalogue_entry("r".into(), "0x1".into()).err(),
            app.remove_catalogue_entry("r".into()).err(),
            app.catalogue_of("0x1".into(), None, None).err(),
            app.catalogue_page(None, None).err(),
            app.open_round("r".into(), "k".into(), vec![], 0, 1, "{}".into()).err(),
            app.contribute(round(), 0, vec![]).err(),
            app.round(round()).err(),
            app.rounds(None, None, None).err(),
            app.messages_for_me(round(), 0).err(),
            app.close_round(round(), "{}".into()).err(),
            app.abort_round(round(), String::new()).err(),
        ]
    });
    assert!(refused.iter().all(|error| *error == Some(Error::NotAMember)), "{refused:?}");
    assert!(stage.events().is_empty());
}
