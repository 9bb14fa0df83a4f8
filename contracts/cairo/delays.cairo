//! How long governance must wait, so that anyone can see a change coming and leave before it. Seconds.

/// Between planning more power (a role, an owner, new code) and using it: two days.
pub const GOVERNANCE_S: u64 = 172_800;
/// How long a plan of new code may be used once the delay is over: two weeks.
pub const PLAN_S: u64 = 1_209_600;
