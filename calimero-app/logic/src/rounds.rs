//! Rounds: what several hospitals compute together, step by step. Scoring, statistics, ranking and learning stand on it.
//!
//! One node opens a round for named parties. In each step a party contributes once: messages, each encrypted by its
//! gateway to one party, or to all. The opener closes the round with its result; the opener or a party may abort it.
//!
//! The state of a round is no stored value. Every node derives it from the entries that it has, so nodes with the same
//! entries agree, in whatever order those came:
//!
//! 1. An opening, and no ending that stands: *opened*.
//! 2. A closing stands when it is the opener's and counts contributions to its last step from at least `threshold`
//!    parties. Then the round is *closed*, even if somebody aborted it at the same time: nobody can take a complete result
//!    back, neither by an abort nor by changing a contribution afterwards. The count is the opener's word, as the result is;
//!    what of it a node finds confirmed by the parties' own entries is what `steps` shows.
//! 3. Else, with an abort by the opener or a party: *aborted*; of several, the first in the circle's order speaks.
//!
//! Once a round has ended, only the contributions that its ending counted count, by their digest: what comes later, or
//! was changed later, is ignored. While it is opened, a contribution counts when its author's clock claims that the
//! deadline had not passed. Nothing here is final: money and one-time use belong on the chain.

use calimero_sdk::borsh::{self, BorshDeserialize, BorshSerialize};
use calimero_sdk::serde::{Deserialize, Serialize};
use calimero_sdk::serde_json;
use calimero_storage::exports::{Digest, Sha256};

use crate::errors::Error;
use crate::ids::{self, hex, Executor};
use crate::ledger::{Cursor, Entry, Ledger, LedgerMut};

/// How many parties a round may have.
const MAX_PARTIES: usize = 64;
/// How many steps a round may have.
const MAX_STEPS: u32 = 64;
/// How many messages one contribution may hold.
const MAX_MESSAGES: usize = 128;
/// The largest contribution, all its messages together, in bytes.
const MAX_CONTRIBUTION_BYTES: usize = 512 * 1024;
/// The largest parameters, result or reason in bytes.
const MAX_TEXT_BYTES: usize = 64 * 1024;

/// An entry about a round. Merge: it has one author, whose last write wins; entries of different authors stand side by side.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) enum RoundEntry {
    Opened(Opening),
    Ended(Ending),
}

/// How a round began.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) struct Opening {
    name: String,
    kind: String,
    parties: Vec<Executor>,
    deadline_s: u64,
    threshold: u32,
    parameters: String,
}

/// How a round ended, by its author's account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) struct Ending {
    round: String,
    is_closing: bool,
    text: String,
    counted: Vec<Counted>,
}

#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
struct Counted {
    step: u32,
    party: Executor,
    digest: [u8; 32],
}

/// What a party gave to a step. Merge: it has one author, who may not change it: endings count its digest.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) struct Contribution {
    round: String,
    step: u32,
    messages: Vec<(Option<Executor>, Vec<u8>)>,
    contributed_at_s: u64,
}

/// A message of a contribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct Outgoing {
    /// The recipient; nothing for all parties.
    pub to: Option<String>,
    /// Ciphertext in base64. The app does not check that it is one.
    pub sealed: String,
}

/// A message that a node may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct Incoming {
    /// The party that sent it.
    pub from: String,
    /// The recipient; nothing for all parties.
    pub to: Option<String>,
    /// Ciphertext in base64.
    pub sealed: String,
}

/// What became of a round so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundState {
    /// It takes contributions.
    Opened,
    /// It has its result.
    Closed,
    /// It was given up.
    Aborted,
}

impl RoundState {
    fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "opened" => Ok(Self::Opened),
            "closed" => Ok(Self::Closed),
            "aborted" => Ok(Self::Aborted),
            _ => Err(Error::bad("state", "opened, closed, aborted, or nothing for all")),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Aborted => "aborted",
        }
    }
}

/// Who contributed to a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct StepView {
    /// The step, from 0.
    pub step: u32,
    /// The parties whose contributions count.
    pub contributed: Vec<String>,
}

/// A round as a node sees it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct RoundView {
    /// Its id: the opener and the name that it chose.
    pub id: String,
    /// What is computed.
    pub kind: String,
    /// The node that opened it.
    pub opened_by: String,
    /// The nodes that contribute.
    pub parties: Vec<String>,
    /// Until when they may, in seconds since 1970, by each node's own clock.
    pub deadline_s: u64,
    /// Whether the deadline has passed by this node's clock.
    pub is_overdue: bool,
    /// How many must contribute to the last step before it can be closed.
    pub threshold: u32,
    /// The opener's parameters, JSON.
    pub parameters: String,
    /// What became of it so far: `opened`, `closed` or `aborted`.
    pub state: String,
    /// Who contributed, for each step that anybody contributed to.
    pub steps: Vec<StepView>,
    /// The result of a closed round, JSON.
    pub result: Option<String>,
    /// Why it was aborted.
    pub reason: Option<String>,
    /// The node that ended it.
    pub ended_by: Option<String>,
    /// Its number in the circle's order.
    pub sequence: u64,
}

/// A part of the list of rounds, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct RoundPage {
    /// The rounds; may be fewer than asked for although more follow.
    pub entries: Vec<RoundView>,
    /// Hand it in as `after` to go on; nothing at the end.
    pub next: Option<String>,
}

/// All entries about rounds, to read.
#[derive(Clone, Copy)]
pub(crate) struct Rounds<'a> {
    pub(crate) entries: Ledger<'a>,
    pub(crate) contributions: Ledger<'a>,
    pub(crate) everyone: &'a [Executor],
}

struct Found {
    id: String,
    opener: Executor,
    sequence: u64,
    opening: Opening,
}

/// A round with all that its state is derived from.
struct Derived {
    found: Found,
    state: RoundState,
    ending: Option<Entry<Ending>>,
    /// By party, then by step.
    counting: Vec<Entry<Contribution>>,
}

fn id_of(opener: &Executor, name: &str) -> String {
    format!("{}.{name}", hex(opener))
}

fn opening_name(id: &str) -> String {
    format!("opening {id}")
}

fn ending_name(id: &str) -> String {
    format!("ending {id}")
}

impl Contribution {
    fn digest(&self) -> Result<[u8; 32], Error> {
        let bytes = borsh::to_vec(&(&self.round, self.step, &self.messages))
            .map_err(|error| Error::Storage { reason: error.to_string() })?;
        Ok(Sha256::digest(bytes).into())
    }
}

impl Ending {
    /// Whether it closes the round: enough parties are counted for its last step.
    fn stands(&self, opening: &Opening) -> bool {
        let last = self.counted.iter().map(|counted| counted.step).max();
        let counts =
            |party: &&Executor| self.counted.iter().any(|counted| Some(counted.step) == last && counted.party == **party);
        self.is_closing && opening.parties.iter().filter(counts).count() >= opening.threshold as usize
    }
}

fn json(field: &str, text: &str) -> Result<(), Error> {
    Error::limit(field, text.len(), MAX_TEXT_BYTES)?;
    serde_json::from_str::<calimero_sdk::serde::de::IgnoredAny>(text).map(|_| ()).map_err(|_| Error::bad(field, "a JSON text"))
}

impl Rounds<'_> {
    fn find(&self, id: &str) -> Result<Found, Error> {
        let unknown = || Error::UnknownRound { round: id.to_owned() };
        let (opener, name) = id.split_once('.').ok_or_else(unknown)?;
        let opener = ids::executor("round", opener).map_err(|_| unknown())?;
        if !self.everyone.contains(&opener) {
            return Err(unknown());
        }
        for entry in self.entries.find::<RoundEntry>(&opener, &opening_name(id))? {
            match entry.body {
                RoundEntry::Opened(opening) if opening.name == name => {
                    return Ok(Found { id: id.to_owned(), opener, sequence: entry.sequence, opening });
                }
                _ => {}
            }
        }
        Err(unknown())
    }

    fn ending(&self, by: &Executor, id: &str) -> Result<Option<Entry<Ending>>, Error> {
        let found = self.entries.find::<RoundEntry>(by, &ending_name(id))?;
        Ok(found.into_iter().find_map(|entry| match entry.body {
            RoundEntry::Ended(ending) if ending.round == id => {
                Some(Entry { owner: entry.owner, sequence: entry.sequence, place: entry.place, body: ending })
            }
            _ => None,
        }))
    }

    /// The first contribution of each party to each step.
    fn contributions(&self, found: &Found) -> Result<Vec<Entry<Contribution>>, Error> {
        let mut all = Vec::new();
        for party in &found.opening.parties {
            let mut steps = Vec::new();
            for entry in self.contributions.find::<Contribution>(party, &found.id)? {
                if entry.body.round == found.id && entry.body.step < MAX_STEPS && !steps.contains(&entry.body.step) {
                    steps.push(entry.body.step);
                    all.push(entry);
                }
            }
        }
        Ok(all)
    }

    fn derive(&self, found: Found) -> Result<Derived, Error> {
        let contributions = self.contributions(&found)?;
        let mut endings = Vec::new();
        for by in found.opening.parties.iter().filter(|party| **party != found.opener).chain([&found.opener]) {
            endings.extend(self.ending(by, &found.id)?);
        }
        let is_closing = |entry: &&Entry<Ending>| entry.owner == found.opener && entry.body.stands(&found.opening);
        if let Some(closing) = endings.iter().find(is_closing) {
            let counting = counted(&contributions, &closing.body)?;
            let ending = Some(closing.clone());
            return Ok(Derived { found, state: RoundState::Closed, ending, counting });
        }
        endings.retain(|entry| !entry.body.is_closing);
        if let Some(abort) = endings.into_iter().min_by_key(Entry::cursor) {
            let counting = counted(&contributions, &abort.body)?;
            return Ok(Derived { found, state: RoundState::Aborted, ending: Some(abort), counting });
        }
        let deadline_s = found.opening.deadline_s;
        let counting = contributions.into_iter().filter(|entry| entry.body.contributed_at_s <= deadline_s).collect();
        Ok(Derived { found, state: RoundState::Opened, ending: None, counting })
    }

    fn get(&self, id: &str) -> Result<Derived, Error> {
        self.derive(self.find(id)?)
    }

    /// See [`crate::MedSync::round`].
    pub(crate) fn view(&self, id: &str) -> Result<RoundView, Error> {
        Ok(self.get(id)?.view())
    }

    /// See [`crate::MedSync::rounds`].
    pub(crate) fn list(&self, state: Option<&str>, after: Option<&str>, limit: Option<u32>) -> Result<RoundPage, Error> {
        let state = state.map(RoundState::parse).transpose()?;
        let (after, limit) = (Cursor::parse(after)?, ids::limit(limit)?);
        let mut walk = self.entries.walk(self.everyone, after)?;
        let mut entries = Vec::new();
        while entries.len() < limit {
            let Some(entry) = walk.next::<RoundEntry>()? else { break };
            let RoundEntry::Opened(opening) = entry.body else { continue };
            let id = id_of(&entry.owner, &opening.name);
            let derived = self.derive(Found { id, opener: entry.owner, sequence: entry.sequence, opening })?;
            if state.is_none_or(|state| state == derived.state) {
                entries.push(derived.view());
            }
        }
        Ok(RoundPage { entries, next: walk.rest() })
    }

    /// See [`crate::MedSync::messages_for_me`].
    pub(crate) fn messages(&self, id: &str, step: u32) -> Result<Vec<Incoming>, Error> {
        let me = ids::me();
        let derived = self.get(id)?;
        derived.require_part(&me)?;
        let mut messages = Vec::new();
        for entry in derived.counting.into_iter().filter(|entry| entry.body.step == step) {
            for (to, sealed) in entry.body.messages {
                if to.is_none_or(|to| to == me) {
                    messages.push(Incoming { from: hex(&entry.owner), to: to.map(|to| hex(&to)), sealed: ids::base64(&sealed) });
                }
            }
        }
        Ok(messages)
    }
}

/// Of `contributions`, those that an ending counted, as it saw them.
fn counted(contributions: &[Entry<Contribution>], ending: &Ending) -> Result<Vec<Entry<Contribution>>, Error> {
    let mut counting = Vec::new();
    for entry in contributions {
        let mut named = ending.counted.iter().filter(|counted| counted.party == entry.owner && counted.step == entry.body.step);
        if let Some(counted) = named.next() {
            if counted.digest == entry.body.digest()? {
                counting.push(entry.clone());
            }
        }
    }
    Ok(counting)
}

impl Derived {
    fn require_part(&self, me: &Executor) -> Result<(), Error> {
        if *me == self.found.opener || self.found.opening.parties.contains(me) {
            Ok(())
        } else {
            Err(Error::NotAParty { round: self.found.id.clone() })
        }
    }

    fn ended(&self) -> Error {
        Error::RoundEnded { round: self.found.id.clone(), state: self.state.word().to_owned() }
    }

    fn counted(&self) -> Result<Vec<Counted>, Error> {
        self.counting
            .iter()
            .map(|entry| Ok(Counted { step: entry.body.step, party: entry.owner, digest: entry.body.digest()? }))
            .collect()
    }

    fn view(self) -> RoundView {
        let mut steps: Vec<StepView> = Vec::new();
        for entry in &self.counting {
            let party = hex(&entry.owner);
            match steps.iter_mut().find(|view| view.step == entry.body.step) {
                Some(view) => view.contributed.push(party),
                None => steps.push(StepView { step: entry.body.step, contributed: vec![party] }),
            }
        }
        steps.sort_by_key(|view| view.step);
        let ended_by = self.ending.as_ref().map(|entry| hex(&entry.owner));
        let text = self.ending.map(|entry| entry.body.text);
        let (result, reason) = if self.state == RoundState::Closed { (text, None) } else { (None, text) };
        let opening = self.found.opening;
        RoundView {
            id: self.found.id,
            kind: opening.kind,
            opened_by: hex(&self.found.opener),
            parties: opening.parties.iter().map(|party| hex(party)).collect(),
            deadline_s: opening.deadline_s,
            is_overdue: ids::now_s() > opening.deadline_s,
            threshold: opening.threshold,
            parameters: opening.parameters,
            state: self.state.word().to_owned(),
            steps,
            result,
            reason,
            ended_by,
            sequence: self.found.sequence,
        }
    }
}

/// What the caller says of a new round.
pub(crate) struct NewRound {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) parties: Vec<Executor>,
    pub(crate) deadline_s: u64,
    pub(crate) threshold: u32,
    pub(crate) parameters: String,
}

/// All entries about rounds, for the calling node to write its own.
pub(crate) struct RoundsMut<'a> {
    pub(crate) entries: LedgerMut<'a>,
    pub(crate) everyone: &'a [Executor],
}

impl RoundsMut<'_> {
    /// See [`crate::MedSync::open_round`]; its id, and true when something changed.
    pub(crate) fn open(&mut self, new: NewRound) -> Result<(String, bool), Error> {
        ids::name("id", &new.name)?;
        ids::name("kind", &new.kind)?;
        json("parameters", &new.parameters)?;
        Error::limit("parties", new.parties.len(), MAX_PARTIES)?;
        let mut parties = new.parties;
        let named = parties.len();
        parties.sort_unstable();
        parties.dedup();
        if parties.is_empty() || parties.len() != named {
            return Err(Error::bad("parties", "at least one executor, each once"));
        }
        if new.threshold == 0 || new.threshold as usize > named {
            return Err(Error::bad("threshold", "a whole number from 1 to the number of parties"));
        }
        let me = ids::me();
        let id = id_of(&me, &new.name);
        let opening = Opening {
            name: new.name,
            kind: new.kind,
            parties,
            deadline_s: new.deadline_s,
            threshold: new.threshold,
            parameters: new.parameters,
        };
        for entry in self.entries.view().find::<RoundEntry>(&me, &opening_name(&id))? {
            match entry.body {
                RoundEntry::Opened(earlier) if earlier == opening => return Ok((id, false)),
                RoundEntry::Opened(earlier) if earlier.name == opening.name => return Err(Error::RoundConflict { round: id }),
                _ => {}
            }
        }
        if opening.deadline_s <= ids::now_s() {
            return Err(Error::bad("deadline_s", "a time to come, in seconds since 1970"));
        }
        let name = opening_name(&id);
        let _sequence = self.entries.append(self.everyone, &RoundEntry::Opened(opening), &[&name])?;
        Ok((id, true))
    }

    fn end(&mut self, ending: Ending) -> Result<(), Error> {
        let name = ending_name(&ending.round);
        let _sequence = self.entries.append(self.everyone, &RoundEntry::Ended(ending), &[&name])?;
        Ok(())
    }
}

/// Checks a contribution; nothing when it was made before.
pub(crate) fn contribution(
    rounds: Rounds<'_>,
    id: &str,
    step: u32,
    messages: &[Outgoing],
) -> Result<Option<Contribution>, Error> {
    let me = ids::me();
    let derived = rounds.get(id)?;
    let opening = &derived.found.opening;
    if !opening.parties.contains(&me) {
        return Err(Error::NotAParty { round: id.to_owned() });
    }
    if step >= MAX_STEPS {
        return Err(Error::bad("step", "a whole number from 0 to 63"));
    }
    Error::limit("messages", messages.len(), MAX_MESSAGES)?;
    let mut sealed = Vec::with_capacity(messages.len());
    let mut size = 0;
    for message in messages {
        let to = message.to.as_deref().map(|to| ids::executor("messages.to", to)).transpose()?;
        if to.is_some_and(|to| to != derived.found.opener && !opening.parties.contains(&to)) {
            return Err(Error::bad("messages.to", "a party or the opener of the round, or nothing"));
        }
        let bytes = ids::bytes("messages.sealed", &message.sealed, MAX_CONTRIBUTION_BYTES)?;
        size += bytes.len();
        Error::limit("messages", size, MAX_CONTRIBUTION_BYTES)?;
        sealed.push((to, bytes));
    }
    let now_s = ids::now_s();
    let contribution = Contribution { round: id.to_owned(), step, messages: sealed, contributed_at_s: now_s };
    let before = rounds.contributions(&derived.found)?.into_iter().find(|entry| entry.owner == me && entry.body.step == step);
    if let Some(before) = before {
        // The same again is a retry, also when the round has ended meanwhile.
        return if before.body.messages == contribution.messages {
            Ok(None)
        } else {
            Err(Error::AlreadyContributed { round: id.to_owned(), step })
        };
    }
    if derived.state != RoundState::Opened {
        return Err(derived.ended());
    }
    if now_s > opening.deadline_s {
        return Err(Error::DeadlinePassed { round: id.to_owned(), deadline_s: opening.deadline_s });
    }
    Ok(Some(contribution))
}

/// Files a contribution that [`contribution`] let pass.
pub(crate) fn contribute(mut ledger: LedgerMut<'_>, everyone: &[Executor], contribution: &Contribution) -> Result<(), Error> {
    let _sequence = ledger.append(everyone, contribution, &[&contribution.round])?;
    Ok(())
}

/// What ends a round; nothing when it was ended so before.
pub(crate) struct NewEnding(Ending);

/// Checks a closing.
pub(crate) fn closing(rounds: Rounds<'_>, id: &str, result: String) -> Result<Option<NewEnding>, Error> {
    json("result", &result)?;
    let derived = rounds.get(id)?;
    if derived.found.opener != ids::me() {
        return Err(Error::NotTheOpener { round: id.to_owned() });
    }
    match derived.state {
        RoundState::Closed if derived.ending.as_ref().is_some_and(|ending| ending.body.text == result) => return Ok(None),
        RoundState::Closed | RoundState::Aborted => return Err(derived.ended()),
        RoundState::Opened => {}
    }
    let counted = derived.counted()?;
    let last = counted.iter().map(|counted| counted.step).max();
    let have = counted.iter().filter(|counted| Some(counted.step) == last).count();
    let have = u32::try_from(have).unwrap_or(u32::MAX);
    if have < derived.found.opening.threshold {
        return Err(Error::TooFewContributions { round: id.to_owned(), have, need: derived.found.opening.threshold });
    }
    Ok(Some(NewEnding(Ending { round: id.to_owned(), is_closing: true, text: result, counted })))
}

/// Checks an abort.
pub(crate) fn abort(rounds: Rounds<'_>, id: &str, reason: String) -> Result<Option<NewEnding>, Error> {
    Error::limit("reason", reason.len(), MAX_TEXT_BYTES)?;
    let derived = rounds.get(id)?;
    derived.require_part(&ids::me())?;
    match derived.state {
        RoundState::Aborted => Ok(None),
        RoundState::Closed => Err(derived.ended()),
        RoundState::Opened => {
            let counted = derived.counted()?;
            Ok(Some(NewEnding(Ending { round: id.to_owned(), is_closing: false, text: reason, counted })))
        }
    }
}

/// Files an ending that [`closing`] or [`abort`] let pass.
pub(crate) fn end(mut rounds: RoundsMut<'_>, ending: NewEnding) -> Result<(), Error> {
    rounds.end(ending.0)
}

/// For tests: a round of the calling node whose deadline lies in the past.
#[cfg(test)]
pub(crate) fn opened_before(app: &mut crate::MedSync, name: &str, parties: Vec<Executor>, deadline_s: u64) -> String {
    let everyone = crate::members::everyone(&app.members).expect("members can be read");
    let opening = Opening {
        name: name.to_owned(),
        kind: "test".to_owned(),
        parties,
        deadline_s,
        threshold: 1,
        parameters: "{}".to_owned(),
    };
    let id = id_of(&ids::me(), name);
    let key = opening_name(&id);
    let mut rounds = app.rounds_mut(&everyone);
    let _sequence = rounds.entries.append(&everyone, &RoundEntry::Opened(opening), &[&key]).expect("it can be filed");
    id
}

/// For tests: the calling node rewrites what it contributed to a round, which its storage lets it do.
#[cfg(test)]
pub(crate) fn rewritten(app: &mut crate::MedSync, round: &str) {
    let mut ledger = app.contributions_mut();
    let found = ledger.view().find::<Contribution>(&ids::me(), round).expect("contributions can be read");
    let entry = found.into_iter().next().expect("it contributed");
    let changed = Contribution { messages: vec![(None, b"other".to_vec())], ..entry.body };
    ledger.replace(entry.place, &changed).expect("it can be rewritten");
}
