//! Tests of what callers rely on (one node, [`TestHost`]) and of what peers enforce (several nodes, [`circle`]).

use calimero_sdk::testing::TestHost;

use crate::errors::Error;
use crate::ids::hex;
use crate::MedSync;

mod catalogue;
mod circle;
mod enforced;
#[cfg(feature = "hostile")]
mod hostile;
mod members;
mod merge;
mod rounds;
mod terms;
mod vault;

/// A second hospital's node.
const BETA: [u8; 32] = [0xb0; 32];
/// A third hospital's node.
const GAMMA: [u8; 32] = [0xc0; 32];
/// A node that nobody admitted.
const STRANGER: [u8; 32] = [0xee; 32];
/// The key of an admitted node, in base64.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// Far enough in the future for a deadline.
const NEXT_CENTURY_S: u64 = 4_102_444_800;

/// One node's view, called in the name of any executor.
struct Stage {
    host: TestHost<MedSync>,
    keeper: [u8; 32],
}

impl Stage {
    /// A circle of the keeper, beta and gamma.
    fn new() -> Self {
        let mut stage = Self::with_keeper_only();
        for (node, organisation) in [(BETA, "0xb"), (GAMMA, "0xc")] {
            let admitted = stage.keep(|app| app.admit_member(hex(&node), organisation.into(), "hospital".into(), KEY.into()));
            assert_eq!(admitted, Ok(true));
        }
        let _events = stage.host.take_events();
        stage
    }

    fn with_keeper_only() -> Self {
        let mut host = TestHost::new(|| MedSync::init("0x0A".into(), "hospital".into()));
        let keeper = host.call(|_| crate::ids::me());
        Self { host, keeper }
    }

    /// Calls as the keeper.
    fn keep<R>(&mut self, call: impl FnOnce(&mut MedSync) -> R) -> R {
        let keeper = self.keeper;
        self.by(keeper, call)
    }

    /// Calls as `executor`.
    fn by<R>(&mut self, executor: [u8; 32], call: impl FnOnce(&mut MedSync) -> R) -> R {
        self.host.call_as(executor, call)
    }

    /// The kinds of the events since the last look.
    fn events(&self) -> Vec<String> {
        self.host.take_events().into_iter().map(|event| event.kind).collect()
    }
}

fn bad(field: &str) -> impl Fn(&Error) -> bool + '_ {
    move |error| matches!(error, Error::BadInput { field: found, .. } if found == field)
}

#[track_caller]
fn assert_bad<T: core::fmt::Debug>(field: &str, result: Result<T, Error>) {
    let error = result.expect_err("error: malformed input was taken");
    assert!(bad(field)(&error), "{error:?} is not about {field}");
}

#[test]
fn every_error_says_what_to_do_and_travels_as_kind_and_data() {
    let error = Error::AlreadyContributed { round: "ab.c".into(), step: 3 };
    assert_eq!(
        calimero_sdk::serde_json::to_string(&error).unwrap(),
        r#"{"kind":"AlreadyContributed","data":{"round":"ab.c","step":3}}"#
    );
    assert_eq!(error.to_string(), "this node contributed something else to step 3 of round ab.c: a contribution is final");
    assert_eq!(calimero_sdk::serde_json::to_string(&Error::NotAMember).unwrap(), r#"{"kind":"NotAMember"}"#);
}
