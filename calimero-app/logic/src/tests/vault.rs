//! What stays on the node.

use super::*;

const SECRET: &str = "U0VDUkVULTQy";

#[test]
fn a_value_is_kept_replaced_listed_and_forgotten() {
    let mut stage = Stage::new();
    for space in ["records", "observations", "scores", "shares"] {
        assert_eq!(stage.keep(|app| app.get_private(space.into(), "k".into())), Ok(None));
        stage.keep(|app| app.put_private(space.into(), "k".into(), "AAAA".into())).unwrap();
        stage.keep(|app| app.put_private(space.into(), "k".into(), SECRET.into())).unwrap();
        assert_eq!(stage.keep(|app| app.get_private(space.into(), "k".into())), Ok(Some(SECRET.into())));
        assert_eq!(stage.keep(|app| app.list_private(space.into(), None, None)).unwrap().keys, ["k"]);
        assert_eq!(stage.keep(|app| app.remove_private(space.into(), "k".into())), Ok(true));
        assert_eq!(stage.keep(|app| app.remove_private(space.into(), "k".into())), Ok(false));
        assert_eq!(stage.keep(|app| app.get_private(space.into(), "k".into())), Ok(None));
        assert!(stage.keep(|app| app.list_private(space.into(), None, None)).unwrap().keys.is_empty());
    }
    // Nothing private is an event, nor a log line.
    assert!(stage.events().is_empty());
    assert!(stage.host.logs().is_empty());
}

#[test]
fn spaces_do_not_see_each_other() {
    let mut stage = Stage::new();
    stage.keep(|app| app.put_private("scores".into(), "k".into(), "AAAA".into())).unwrap();
    stage.keep(|app| app.put_private("shares".into(), "k".into(), "BBBB".into())).unwrap();
    assert_eq!(stage.keep(|app| app.get_private("scores".into(), "k".into())), Ok(Some("AAAA".into())));
    assert_eq!(stage.keep(|app| app.get_private("shares".into(), "k".into())), Ok(Some("BBBB".into())));
    assert_eq!(stage.keep(|app| app.get_private("records".into(), "k".into())), Ok(None));
}

#[test]
fn long_keys_are_kept_and_a_key_that_looks_like_our_own_places_meets_none_of_them() {
    let mut stage = Stage::new();
    let keys =
        ["3f1c2d1e-8f59-4d3a-9d35-1f6f7e0c0001".to_owned(), "k".repeat(127) + "1", "k".repeat(127) + "2", "../directory".into()];
    for (number, key) in keys.iter().enumerate() {
        let value = crate::ids::base64(&[u8::try_from(number).unwrap()]);
        stage.keep(|app| app.put_private("records".into(), key.clone(), value)).unwrap();
    }
    for (number, key) in keys.iter().enumerate() {
        let value = crate::ids::base64(&[u8::try_from(number).unwrap()]);
        assert_eq!(stage.keep(|app| app.get_private("records".into(), key.clone())), Ok(Some(value)));
    }
    let mut listed = stage.keep(|app| app.list_private("records".into(), None, None)).unwrap().keys;
    listed.sort_by_key(|key| keys.iter().position(|each| each == key));
    assert_eq!(listed, keys);
}

#[test]
fn private_writes_leave_the_shared_state_as_it_was() {
    let mut stage = Stage::new();
    let before = stage.host.root_hash();
    stage.keep(|app| app.put_private("records".into(), "k".into(), SECRET.into())).unwrap();
    assert_eq!(stage.keep(|app| app.remove_private("records".into(), "k".into())), Ok(true));
    assert_eq!(stage.host.root_hash(), before);
}

#[test]
fn thousands_of_keys_are_listed_in_order_in_whatever_order_they_came() {
    let mut stage = Stage::new();
    let mut keys: Vec<String> = (0..3000_u32).map(|number| format!("{:08x}", number.wrapping_mul(0x9e37_79b1))).collect();
    for key in &keys {
        stage.keep(|app| app.put_private("shares".into(), key.clone(), "AAAA".into())).unwrap();
    }
    keys.sort();
    for key in keys.iter().step_by(3) {
        assert_eq!(stage.keep(|app| app.remove_private("shares".into(), key.clone())), Ok(true));
    }
    let left: Vec<String> = keys.iter().enumerate().filter(|(at, _)| at % 3 != 0).map(|(_, key)| key.clone()).collect();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = stage.keep(|app| app.list_private("shares".into(), after.clone(), Some(101))).unwrap();
        seen.extend(page.keys);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, left);
    for key in &left {
        assert_eq!(stage.keep(|app| app.remove_private("shares".into(), key.clone())), Ok(true));
    }
    assert!(stage.keep(|app| app.list_private("shares".into(), None, None)).unwrap().keys.is_empty());
    stage.keep(|app| app.put_private("shares".into(), "0".into(), "AAAA".into())).unwrap();
    assert_eq!(stage.keep(|app| app.list_private("shares".into(), None, None)).unwrap().keys, ["0"]);
}

#[test]
fn a_node_keeps_access_to_its_own_vault_without_being_a_member() {
    let mut stage = Stage::new();
    stage.by(STRANGER, |app| app.put_private("scores".into(), "k".into(), "AAAA".into())).unwrap();
    assert_eq!(stage.by(STRANGER, |app| app.get_private("scores".into(), "k".into())), Ok(Some("AAAA".into())));
}

#[test]
fn malformed_private_values_are_refused_with_the_argument_that_is_wrong() {
    let mut stage = Stage::new();
    let mut put = |space: &str, key: &str, value: &str| stage.keep(|app| app.put_private(space.into(), key.into(), value.into()));
    assert_bad("space", put("x", "k", "AAAA"));
    assert_bad("key", put("scores", "", "AAAA"));
    assert_bad("key", put("scores", "ä", "AAAA"));
    assert_bad("value_base64", put("scores", "k", "AAA"));
    let large = crate::ids::base64(&vec![0; 1024 * 1024 + 1]);
    assert_eq!(put("scores", "k", &large), Err(Error::TooLarge { field: "value_base64".into(), limit: 1024 * 1024 }));
    assert_bad("space", stage.keep(|app| app.get_private("x".into(), "k".into())));
    assert_bad("space", stage.keep(|app| app.remove_private("x".into(), "k".into())));
    assert_bad("space", stage.keep(|app| app.list_private("x".into(), None, None)));
    assert_bad("limit", stage.keep(|app| app.list_private("scores".into(), None, Some(0))));
}
