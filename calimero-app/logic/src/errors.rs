//! What a caller can do wrong, in words that say how to put it right.

use calimero_sdk::serde::Serialize;
use calimero_storage::collections::StoreError;
use thiserror::Error as ThisError;

/// The failure of a method: `{kind, data}` on the wire. It holds ids and limits, never contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ThisError)]
#[serde(crate = "calimero_sdk::serde")]
#[serde(tag = "kind", content = "data")]
pub enum Error {
    /// The executor is not, or no longer, in the circle.
    #[error("this node is not a member of the circle: ask its keeper to admit it")]
    NotAMember,
    /// Only the keeper may change who is a member.
    #[error("only the keeper of the circle may admit and remove members")]
    NotTheKeeper,
    /// The keeper cannot leave: nobody could admit members any more.
    #[error("the keeper cannot be removed from the circle that it keeps")]
    KeeperStays,
    /// No such member, now or earlier.
    #[error("there is no member {executor}")]
    UnknownMember {
        /// Whom the caller named.
        executor: String,
    },
    /// This node filed other terms under the commitment before.
    #[error("other terms were filed under the commitment {commitment}: a commitment opens to one content")]
    TermsConflict {
        /// The commitment in question.
        commitment: String,
    },
    /// This node listed the record for another patient before.
    #[error("the record {record} is listed for another patient: give the record of this patient its own id")]
    CatalogueConflict {
        /// The record in question.
        record: String,
    },
    /// This node's catalogue does not hold the record.
    #[error("this node lists no record {record}")]
    UnknownRecord {
        /// Which record.
        record: String,
    },
    /// The circle knows no such round (or its opening has not arrived here yet).
    #[error("there is no round {round} here: check the id, or wait until its opening has arrived")]
    UnknownRound {
        /// Which round.
        round: String,
    },
    /// This node opened another round under the same name before.
    #[error("another round is open under the id {round}: choose a new name")]
    RoundConflict {
        /// Which round.
        round: String,
    },
    /// The round takes no more contributions and no other ending.
    #[error("the round {round} is {state}: open a new one")]
    RoundEnded {
        /// Which round.
        round: String,
        /// `closed` or `aborted`.
        state: String,
    },
    /// The round's time is over by this node's clock.
    #[error("the deadline of round {round} has passed: abort it and open a new one")]
    DeadlinePassed {
        /// Which round.
        round: String,
        /// When it passed, in seconds since 1970.
        deadline_s: u64,
    },
    /// This node contributed something else to the step before.
    #[error("this node contributed something else to step {step} of round {round}: a contribution is final")]
    AlreadyContributed {
        /// Which round.
        round: String,
        /// Which step.
        step: u32,
    },
    /// Only parties (and for some acts the opener) may do this.
    #[error("this node is not a party of round {round}")]
    NotAParty {
        /// Which round.
        round: String,
    },
    /// Only the node that opened a round may close it.
    #[error("only the node that opened round {round} may close it; a party may abort it")]
    NotTheOpener {
        /// Which round.
        round: String,
    },
    /// The last step lacks contributions.
    #[error("{have} of {need} parties contributed to the last step of round {round}: wait for more, or abort it")]
    TooFewContributions {
        /// Which round.
        round: String,
        /// How many contributed to the last step.
        have: u32,
        /// How many the round asks for.
        need: u32,
    },
    /// Something is larger than the circle stores.
    #[error("{field} is larger than {limit} bytes: split it, or store it elsewhere and name it here")]
    TooLarge {
        /// The argument.
        field: String,
        /// The largest size allowed, in bytes (of the decoded value) or items.
        limit: u32,
    },
    /// An argument does not have the form that its name promises.
    #[error("{field} is malformed: expected {expected}")]
    BadInput {
        /// The argument.
        field: String,
        /// What would have been right.
        expected: String,
    },
    /// Another member occupied the place where this node's entry belongs, too many times.
    #[error("another member occupies this node's places: the keeper should find out who, and open a new circle without them")]
    Occupied,
    /// The storage of the node failed; nothing was changed.
    #[error("the node's storage failed: {reason}")]
    Storage {
        /// What it said.
        reason: String,
    },
}

impl Error {
    /// An argument that does not have the right form.
    pub(crate) fn bad(field: &str, expected: &str) -> Self {
        Self::BadInput { field: field.to_owned(), expected: expected.to_owned() }
    }

    /// Refuses what is larger than `limit`.
    pub(crate) fn limit(field: &str, size: usize, limit: usize) -> Result<(), Self> {
        if size > limit {
            return Err(Self::TooLarge { field: field.to_owned(), limit: u32::try_from(limit).unwrap_or(u32::MAX) });
        }
        Ok(())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Storage { reason: error.to_string() }
    }
}
