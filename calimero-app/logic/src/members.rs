//! Who belongs to the circle. Written by its keeper only, which storage enforces on every honest node: the list carries
//! the keeper's signature, and a forged one is rejected where it arrives.
//!
//! The list is one value, and that is why it holds: rc.4 checks signatures of what changes, but lets every member add
//! *new*, unguarded entries to a map, also to a guarded one, and readers of the map would see them.
//!
//! This list says whose entries the circle reads and whom it writes to. Who receives the shared state at all is decided
//! by the Calimero group of the context: a gateway that removes a member here must remove it there, too.

use calimero_sdk::borsh::{BorshDeserialize, BorshSerialize};
use calimero_sdk::serde::Serialize;
use calimero_storage::collections::permissioned::Op;
use calimero_storage::collections::{LwwRegister, SharedStorage};

use crate::errors::Error;
use crate::ids::{self, hex, Executor};

/// The largest encryption key in bytes.
const MAX_KEY_BYTES: usize = 256;
/// How many members a circle may ever have.
const MAX_MEMBERS: usize = 256;

/// The members. Merge: the whole list is one value of the keeper, whose last write wins.
pub(crate) type Members = SharedStorage<LwwRegister<Roster>>;

/// Everyone who is or was a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub struct Roster {
    seats: Vec<Member>,
}

/// What an organisation is in MedSync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub enum Kind {
    /// It treats patients and keeps their records.
    Hospital,
    /// It asks for data.
    Research,
}

impl Kind {
    fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "hospital" => Ok(Self::Hospital),
            "research" => Ok(Self::Research),
            _ => Err(Error::bad("kind", "hospital or research")),
        }
    }

    fn word(self) -> String {
        match self {
            Self::Hospital => "hospital".to_owned(),
            Self::Research => "research".to_owned(),
        }
    }
}

/// A node of the circle, as stored.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub struct Member {
    executor: [u8; 32],
    organisation: String,
    kind: Kind,
    encryption_key: Vec<u8>,
    is_active: bool,
}

/// A node of the circle, as answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct MemberView {
    /// The node.
    pub executor: String,
    /// Whose node it is, as the chain knows it.
    pub organisation: String,
    /// What that organisation is: `hospital` or `research`.
    pub kind: String,
    /// The key to which entries for it are encrypted; empty until the keeper filed one. Compare it with the chain's.
    pub encryption_key_base64: String,
    /// False once the keeper removed it. Its entries remain.
    pub is_active: bool,
    /// Whether it may change this list.
    pub is_keeper: bool,
}

/// What the calling node is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct Whoami {
    /// The node's id in this context.
    pub executor: String,
    /// Whether it may write.
    pub is_member: bool,
    /// Whether it may admit and remove members.
    pub is_keeper: bool,
    /// Whose node it is, when it is or was a member.
    pub organisation: Option<String>,
    /// What that organisation is: `hospital` or `research`.
    pub kind: Option<String>,
}

/// A new list with the calling node as keeper and first member.
pub(crate) fn found(organisation: &str, kind: &str) -> Result<Members, Error> {
    let me = ids::me();
    let mut members = Members::new_with_field_name("members", [me.into()].into(), false);
    let first = Member {
        executor: me,
        organisation: ids::felt("admin_organisation", organisation)?,
        kind: Kind::parse(kind)?,
        encryption_key: Vec::new(),
        is_active: true,
    };
    let _empty = members.insert(LwwRegister::new(Roster { seats: vec![first] }))?;
    Ok(members)
}

fn roster(members: &Members) -> Result<&Roster, Error> {
    Ok(members.get()?.get())
}

fn find<'a>(members: &'a Members, executor: &Executor) -> Result<Option<&'a Member>, Error> {
    Ok(roster(members)?.seats.iter().find(|member| member.executor == *executor))
}

/// Files a member's entry; false when it stood there before.
fn file(members: &mut Members, member: Member) -> Result<bool, Error> {
    let mut roster = roster(members)?.clone();
    match roster.seats.iter_mut().find(|seat| seat.executor == member.executor) {
        Some(seat) if *seat == member => return Ok(false),
        Some(seat) => *seat = member,
        None => {
            Error::limit("members", roster.seats.len() + 1, MAX_MEMBERS)?;
            roster.seats.push(member);
        }
    }
    let _before = members.insert(LwwRegister::new(roster))?;
    Ok(true)
}

/// Refuses a call by a node that may not write, and gives its id.
pub(crate) fn require_member(members: &Members) -> Result<Executor, Error> {
    let me = ids::me();
    match find(members, &me)? {
        Some(member) if member.is_active => Ok(me),
        _ => Err(Error::NotAMember),
    }
}

fn require_keeper(members: &Members) -> Result<(), Error> {
    if members.can(&ids::me().into(), Op::Write) {
        Ok(())
    } else {
        Err(Error::NotTheKeeper)
    }
}

/// All who are or were members: the nodes whose entries count.
pub(crate) fn everyone(members: &Members) -> Result<Vec<Executor>, Error> {
    let mut everyone: Vec<Executor> = roster(members)?.seats.iter().map(|member| member.executor).collect();
    everyone.sort_unstable();
    Ok(everyone)
}

/// Refuses an executor that never was a member.
pub(crate) fn require_known(members: &Members, field: &str, executor: &str) -> Result<Executor, Error> {
    let id = ids::executor(field, executor)?;
    match find(members, &id)? {
        Some(_) => Ok(id),
        None => Err(Error::UnknownMember { executor: executor.to_owned() }),
    }
}

/// See [`crate::MedSync::admit_member`]; true when something changed.
pub(crate) fn admit(
    members: &mut Members,
    executor: &str,
    organisation: &str,
    kind: &str,
    encryption_key_base64: &str,
) -> Result<bool, Error> {
    require_keeper(members)?;
    let member = Member {
        executor: ids::executor("executor", executor)?,
        organisation: ids::felt("organisation", organisation)?,
        kind: Kind::parse(kind)?,
        encryption_key: ids::bytes("encryption_key_base64", encryption_key_base64, MAX_KEY_BYTES)?,
        is_active: true,
    };
    file(members, member)
}

/// See [`crate::MedSync::remove_member`]; true when something changed.
pub(crate) fn remove(members: &mut Members, executor: &str) -> Result<bool, Error> {
    require_keeper(members)?;
    let id = ids::executor("executor", executor)?;
    let Some(member) = find(members, &id)? else {
        return Err(Error::UnknownMember { executor: executor.to_owned() });
    };
    if members.can(&id.into(), Op::Write) {
        return Err(Error::KeeperStays);
    }
    let member = Member { is_active: false, ..member.clone() };
    file(members, member)
}

/// See [`crate::MedSync::members`].
pub(crate) fn list(members: &Members) -> Result<Vec<MemberView>, Error> {
    let keepers = members.writers();
    let mut list: Vec<MemberView> = roster(members)?
        .seats
        .iter()
        .map(|member| MemberView {
            executor: hex(&member.executor),
            organisation: member.organisation.clone(),
            kind: member.kind.word(),
            encryption_key_base64: ids::base64(&member.encryption_key),
            is_active: member.is_active,
            is_keeper: keepers.iter().any(|keeper| keeper.digest() == &member.executor),
        })
        .collect();
    list.sort_by(|one, other| one.executor.cmp(&other.executor));
    Ok(list)
}

/// See [`crate::MedSync::whoami`].
pub(crate) fn whoami(members: &Members) -> Result<Whoami, Error> {
    let me = ids::me();
    let member = find(members, &me)?;
    Ok(Whoami {
        executor: hex(&me),
        is_member: member.is_some_and(|member| member.is_active),
        is_keeper: members.can(&me.into(), Op::Write),
        organisation: member.map(|member| member.organisation.clone()),
        kind: member.map(|member| member.kind.word()),
    })
}
