//! What a node tells its gateway about changes. Ids only: events are read by people and logs who may not see contents.

use calimero_sdk::app;

/// One change of the shared state. It is emitted by the call that made it, there and on every node that receives it.
#[app::event]
pub enum Event<'a> {
    /// The circle has its first member and keeper.
    CircleOpened {
        /// The keeper.
        executor: &'a str,
    },
    /// A node was admitted, or its entry changed.
    MemberAdmitted {
        /// The node.
        executor: &'a str,
    },
    /// A node may no longer write.
    MemberRemoved {
        /// The node.
        executor: &'a str,
    },
    /// Consent terms were filed, or parties added to them.
    TermsFiled {
        /// What they open.
        commitment: &'a str,
        /// Who filed them.
        executor: &'a str,
    },
    /// A record was listed (again).
    RecordListed {
        /// The record.
        record: &'a str,
        /// Whose record it is to give.
        executor: &'a str,
    },
    /// A record is not on offer any more.
    RecordRemoved {
        /// The record.
        record: &'a str,
        /// Whose record it was to give.
        executor: &'a str,
    },
    /// A round waits for contributions.
    RoundOpened {
        /// Its id.
        round: &'a str,
    },
    /// A party contributed to a step.
    Contributed {
        /// The round.
        round: &'a str,
        /// The step.
        step: u32,
        /// The party.
        executor: &'a str,
    },
    /// The opener closed a round with its result.
    RoundClosed {
        /// Its id.
        round: &'a str,
    },
    /// A party or the opener gave a round up.
    RoundAborted {
        /// Its id.
        round: &'a str,
        /// Who did.
        executor: &'a str,
    },
}
