//! MedSync's private context: the room that the hospitals of a circle share.
//!
//! Shared with every node of the circle, in clear, for good (deltas keep the history): who is a member, consent terms as
//! ciphertext for the parties concerned, which records exist (id and patient account), rounds with messages encrypted to
//! their recipients, and results. Never leaves the node: what is put in the vault (records' working data, observations,
//! scores, shares of secrets); see [`vault`].
//!
//! Who may write what is enforced by storage, on the receiving nodes: the member list takes only the keeper's signature,
//! every other entry only that of the node which filed it. The checks inside the methods bind honest nodes alone, since
//! a member can make its own deltas around this code. So every reader here counts only entries that stand under their
//! author's own name, and takes them for that author's claims.

use calimero_sdk::app;
use calimero_storage::collections::{AuthoredMap, LwwRegister, SharedStorage};

pub mod catalogue;
pub mod errors;
pub mod events;
#[cfg(feature = "hostile")]
mod hostile;
mod ids;
pub mod ledger;
pub mod members;
mod owned;
pub mod rounds;
pub mod terms;
pub mod vault;

#[cfg(test)]
mod tests;

use catalogue::CataloguePage;
use errors::Error;
use events::Event;
use ids::hex;
use ledger::{Bucket, Head, Ledger, LedgerMut, Page};
use members::{MemberView, Roster, Whoami};
use rounds::{Incoming, NewRound, Outgoing, RoundPage, RoundView, Rounds, RoundsMut};
use terms::{FilingPage, Sealed, TermsPage, TermsView};
use vault::PrivateKeys;

/// The shared state. Nothing in it is secret from a member.
///
/// All fields but `members` hold entries that each belong to one node: its key begins with the node's id, storage rejects
/// a change that is not signed by its owner, two nodes never write the same entry, and between two writes of its owner
/// the later wins. So merging is a union, in any order.
#[app::state(emits = for<'a> Event<'a>)]
pub struct MedSync {
    /// Who belongs to the circle. Writer: the keeper, by signature. Merge: one value; the keeper's last write wins.
    members: SharedStorage<LwwRegister<Roster>>,
    /// Where each node's sequences end. Owner: the node. Merge: union; its last write wins.
    heads: AuthoredMap<String, LwwRegister<Head>>,
    /// Consent terms, ciphertext, in pages. Owner: the filing node. Merge: union; its last write wins.
    terms: AuthoredMap<String, LwwRegister<Page>>,
    /// Where terms stand, by commitment and patient tag. Owner: the filing node. Merge: union; its last write wins.
    terms_index: AuthoredMap<String, LwwRegister<Bucket>>,
    /// Records on offer, in pages. Owner: the hospital's node. Merge: union; its last write wins.
    catalogue: AuthoredMap<String, LwwRegister<Page>>,
    /// Where records stand, by id and patient. Owner: the hospital's node. Merge: union; its last write wins.
    catalogue_index: AuthoredMap<String, LwwRegister<Bucket>>,
    /// Openings and endings of rounds, in pages. Owner: the node that opened or ended. Merge: union; its last write wins;
    /// a round's state is derived from all of them ([`rounds`]).
    rounds: AuthoredMap<String, LwwRegister<Page>>,
    /// Where those stand, by round. Owner: the same node. Merge: union; its last write wins.
    rounds_index: AuthoredMap<String, LwwRegister<Bucket>>,
    /// Contributions, ciphertext, in pages. Owner: the party. Merge: union; its last write wins, but an ending counts digests.
    contributions: AuthoredMap<String, LwwRegister<Page>>,
    /// Where contributions stand, by round. Owner: the party. Merge: union; its last write wins.
    contributions_index: AuthoredMap<String, LwwRegister<Bucket>>,
}

impl MedSync {
    fn terms_ledger(&self) -> Ledger<'_> {
        Ledger { subject: "terms", heads: &self.heads, pages: &self.terms, index: &self.terms_index }
    }

    fn terms_ledger_mut(&mut self) -> LedgerMut<'_> {
        LedgerMut { subject: "terms", heads: &mut self.heads, pages: &mut self.terms, index: &mut self.terms_index }
    }

    fn catalogue_ledger(&self) -> Ledger<'_> {
        Ledger { subject: "catalogue", heads: &self.heads, pages: &self.catalogue, index: &self.catalogue_index }
    }

    fn catalogue_ledger_mut(&mut self) -> LedgerMut<'_> {
        LedgerMut { subject: "catalogue", heads: &mut self.heads, pages: &mut self.catalogue, index: &mut self.catalogue_index }
    }

    fn rounds_of<'a>(&'a self, everyone: &'a [ids::Executor]) -> Rounds<'a> {
        Rounds {
            entries: Ledger { subject: "rounds", heads: &self.heads, pages: &self.rounds, index: &self.rounds_index },
            contributions: Ledger {
                subject: "contributions",
                heads: &self.heads,
                pages: &self.contributions,
                index: &self.contributions_index,
            },
            everyone,
        }
    }

    fn rounds_mut<'a>(&'a mut self, everyone: &'a [ids::Executor]) -> RoundsMut<'a> {
        RoundsMut {
            entries: LedgerMut {
                subject: "rounds",
                heads: &mut self.heads,
                pages: &mut self.rounds,
                index: &mut self.rounds_index,
            },
            everyone,
        }
    }

    fn contributions_mut(&mut self) -> LedgerMut<'_> {
        LedgerMut {
            subject: "contributions",
            heads: &mut self.heads,
            pages: &mut self.contributions,
            index: &mut self.contributions_index,
        }
    }
}

#[app::logic]
impl MedSync {
    /// Opens the circle. The node that creates the context becomes its first member and its keeper.
    ///
    /// # Panics
    ///
    /// When `admin_organisation` is no felt, or `kind` neither `hospital` nor `research`: the context is then not created.
    #[app::init]
    pub fn init(admin_organisation: String, kind: String) -> MedSync {
        let members = match members::found(&admin_organisation, &kind) {
            Ok(members) => members,
            Err(error) => calimero_sdk::env::panic_str(&error.to_string()),
        };
        app::emit!(Event::CircleOpened { executor: &hex(&ids::me()) });
        MedSync {
            members,
            heads: AuthoredMap::new_with_field_name("heads"),
            terms: AuthoredMap::new_with_field_name("terms"),
            terms_index: AuthoredMap::new_with_field_name("terms_index"),
            catalogue: AuthoredMap::new_with_field_name("catalogue"),
            catalogue_index: AuthoredMap::new_with_field_name("catalogue_index"),
            rounds: AuthoredMap::new_with_field_name("rounds"),
            rounds_index: AuthoredMap::new_with_field_name("rounds_index"),
            contributions: AuthoredMap::new_with_field_name("contributions"),
            contributions_index: AuthoredMap::new_with_field_name("contributions_index"),
        }
    }

    /// Admits a node, brings back one that was removed, or files its new key. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotTheKeeper`] for everyone else; peers reject a forged entry, too.
    pub fn admit_member(
        &mut self,
        executor: String,
        organisation: String,
        kind: String,
        encryption_key_base64: String,
    ) -> Result<bool, Error> {
        let is_new = members::admit(&mut self.members, &executor, &organisation, &kind, &encryption_key_base64)?;
        if is_new {
            app::emit!(Event::MemberAdmitted { executor: &executor });
        }
        Ok(is_new)
    }

    /// Removes a node: it may no longer write. What it filed stays, and what it has seen it has seen. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotTheKeeper`], [`Error::UnknownMember`], [`Error::KeeperStays`].
    pub fn remove_member(&mut self, executor: String) -> Result<bool, Error> {
        let is_new = members::remove(&mut self.members, &executor)?;
        if is_new {
            app::emit!(Event::MemberRemoved { executor: &executor });
        }
        Ok(is_new)
    }

    /// Everyone who is or was a member, by executor.
    pub fn members(&self) -> Result<Vec<MemberView>, Error> {
        members::list(&self.members)
    }

    /// What the calling node is in this circle. Open to non-members.
    pub fn whoami(&self) -> Result<Whoami, Error> {
        members::whoami(&self.members)
    }

    /// Files consent terms as this node's own. The same again adds the parties whose labels are new, at the same place in
    /// the circle's order; no party is ever removed or changed, and parties left out stay. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::TermsConflict`] when this node filed another content under the commitment, or another one for a party;
    /// [`Error::NotAMember`], [`Error::BadInput`], [`Error::TooLarge`].
    pub fn file_terms(
        &mut self,
        commitment: String,
        patient_tag: String,
        parties: Vec<Sealed>,
        nonce: String,
        replaces: Option<String>,
        filed_at_s: u64,
    ) -> Result<bool, Error> {
        let me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        let (commitment, is_new) = terms::file(
            self.terms_ledger_mut(),
            &everyone,
            &commitment,
            patient_tag,
            &parties,
            nonce,
            replaces.as_deref(),
            filed_at_s,
        )?;
        if is_new {
            app::emit!(Event::TermsFiled { commitment: &commitment, executor: &hex(&me) });
        }
        Ok(is_new)
    }

    /// All terms filed under a commitment, one entry for each node that filed some.
    ///
    /// # Errors
    ///
    /// [`Error::NotAMember`], [`Error::BadInput`].
    pub fn terms_by_commitment(&self, commitment: String) -> Result<Vec<TermsView>, Error> {
        let _me = members::require_member(&self.members)?;
        terms::by_commitment(self.terms_ledger(), &members::everyone(&self.members)?, &commitment)
    }

    /// Terms filed for a patient, newest first. `limit`: 1 to 200, else 50.
    ///
    /// # Errors
    ///
    /// [`Error::NotAMember`], [`Error::BadInput`].
    pub fn terms_of_patient(&self, patient_tag: String, after: Option<String>, limit: Option<u32>) -> Result<TermsPage, Error> {
        let _me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        terms::of_patient(self.terms_ledger(), &everyone, &patient_tag, after.as_deref(), limit)
    }

    /// That terms were filed and under which labels, newest first: whoever is party to some finds its own. `limit`: 1 to 200, else 50.
    ///
    /// # Errors
    ///
    /// [`Error::NotAMember`], [`Error::BadInput`].
    pub fn filings(&self, after: Option<String>, limit: Option<u32>) -> Result<FilingPage, Error> {
        let _me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        terms::list(self.terms_ledger(), &everyone, after.as_deref(), limit)
    }

    /// Lists a record of this node's hospital (again). True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::CatalogueConflict`] when this node listed it for another patient;
    /// [`Error::NotAMember`], [`Error::BadInput`], [`Error::TooLarge`].
    pub fn put_catalogue_entry(&mut self, record: String, patient: String) -> Result<bool, Error> {
        let me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        let is_new = catalogue::put(self.catalogue_ledger_mut(), &everyone, record.clone(), &patient)?;
        if is_new {
            app::emit!(Event::RecordListed { record: &record, executor: &hex(&me) });
        }
        Ok(is_new)
    }

    /// Takes a record of this node's hospital off the list: a new state of its entry, which stays. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`], [`Error::NotAMember`], [`Error::BadInput`].
    pub fn remove_catalogue_entry(&mut self, record: String) -> Result<bool, Error> {
        let me = members::require_member(&self.members)?;
        let is_new = catalogue::remove(self.catalogue_ledger_mut(), &record)?;
        if is_new {
            app::emit!(Event::RecordRemoved { record: &record, executor: &hex(&me) });
        }
        Ok(is_new)
    }

    /// The listed records of a patient at all hospitals, newest first. `limit`: 1 to 200, else 50.
    ///
    /// # Errors
    ///
    /// [`Error::NotAMember`], [`Error::BadInput`].
    pub fn catalogue_of(&self, patient: String, after: Option<String>, limit: Option<u32>) -> Result<CataloguePage, Error> {
        let _me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        catalogue::of_patient(self.catalogue_ledger(), &everyone, &patient, after.as_deref(), limit)
    }

    /// All listed records, newest first. `limit`: 1 to 200, else 50.
    ///
    /// # Errors
    ///
    /// [`Error::NotAMember`], [`Error::BadInput`].
    pub fn catalogue_page(&self, after: Option<String>, limit: Option<u32>) -> Result<CataloguePage, Error> {
        let _me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        catalogue::page(self.catalogue_ledger(), &everyone, after.as_deref(), limit)
    }

    /// Opens a round under a name of this node's choice (`id`) and gives its full id, `<executor>.<id>`, by which all other
    /// methods know it. The same again changes nothing. The parties must be members.
    ///
    /// # Errors
    ///
    /// [`Error::RoundConflict`] when this node opened another round under the name; [`Error::UnknownMember`],
    /// [`Error::NotAMember`], [`Error::BadInput`], [`Error::TooLarge`].
    pub fn open_round(
        &mut self,
        id: String,
        kind: String,
        parties: Vec<String>,
        deadline_s: u64,
        threshold: u32,
        parameters: String,
    ) -> Result<String, Error> {
        let _me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        let parties = parties
            .iter()
            .map(|party| members::require_known(&self.members, "parties", party))
            .collect::<Result<Vec<_>, Error>>()?;
        let new = NewRound { name: id, kind, parties, deadline_s, threshold, parameters };
        let (round, is_new) = self.rounds_mut(&everyone).open(new)?;
        if is_new {
            app::emit!(Event::RoundOpened { round: &round });
        }
        Ok(round)
    }

    /// Contributes this node's messages to a step of a round. The same again changes nothing. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyContributed`] with another content; [`Error::RoundEnded`], [`Error::DeadlinePassed`],
    /// [`Error::NotAParty`], [`Error::UnknownRound`], [`Error::NotAMember`], [`Error::BadInput`], [`Error::TooLarge`].
    pub fn contribute(&mut self, round: String, step: u32, messages: Vec<Outgoing>) -> Result<bool, Error> {
        let me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        let Some(contribution) = rounds::contribution(self.rounds_of(&everyone), &round, step, &messages)? else {
            return Ok(false);
        };
        rounds::contribute(self.contributions_mut(), &everyone, &contribution)?;
        app::emit!(Event::Contributed { round: &round, step, executor: &hex(&me) });
        Ok(true)
    }

    /// A round as this node sees it now.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRound`], [`Error::NotAMember`].
    pub fn round(&self, id: String) -> Result<RoundView, Error> {
        let _me = members::require_member(&self.members)?;
        self.rounds_of(&members::everyone(&self.members)?).view(&id)
    }

    /// Rounds, newest first, all or those in one state. `limit`: 1 to 200, else 50.
    ///
    /// # Errors
    ///
    /// [`Error::NotAMember`], [`Error::BadInput`].
    pub fn rounds(&self, state: Option<String>, after: Option<String>, limit: Option<u32>) -> Result<RoundPage, Error> {
        let _me = members::require_member(&self.members)?;
        self.rounds_of(&members::everyone(&self.members)?).list(state.as_deref(), after.as_deref(), limit)
    }

    /// The messages of a step that are for this node or for all, by sender.
    ///
    /// # Errors
    ///
    /// [`Error::NotAParty`] for all but the parties and the opener; [`Error::UnknownRound`], [`Error::NotAMember`].
    pub fn messages_for_me(&self, round: String, step: u32) -> Result<Vec<Incoming>, Error> {
        let _me = members::require_member(&self.members)?;
        self.rounds_of(&members::everyone(&self.members)?).messages(&round, step)
    }

    /// Closes a round with its result (JSON), once at least `threshold` parties contributed to the last step. The same
    /// again changes nothing. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotTheOpener`], [`Error::TooFewContributions`], [`Error::RoundEnded`] (also with another result);
    /// [`Error::UnknownRound`], [`Error::NotAMember`], [`Error::BadInput`], [`Error::TooLarge`].
    pub fn close_round(&mut self, id: String, result: String) -> Result<bool, Error> {
        let _me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        let Some(ending) = rounds::closing(self.rounds_of(&everyone), &id, result)? else { return Ok(false) };
        rounds::end(self.rounds_mut(&everyone), ending)?;
        app::emit!(Event::RoundClosed { round: &id });
        Ok(true)
    }

    /// Gives a round up. When it is aborted already, by whomever, nothing changes. True when something changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotAParty`] for all but the parties and the opener; [`Error::RoundEnded`] when it is closed;
    /// [`Error::UnknownRound`], [`Error::NotAMember`], [`Error::TooLarge`].
    pub fn abort_round(&mut self, id: String, reason: String) -> Result<bool, Error> {
        let me = members::require_member(&self.members)?;
        let everyone = members::everyone(&self.members)?;
        let Some(ending) = rounds::abort(self.rounds_of(&everyone), &id, reason)? else { return Ok(false) };
        rounds::end(self.rounds_mut(&everyone), ending)?;
        app::emit!(Event::RoundAborted { round: &id, executor: &hex(&me) });
        Ok(true)
    }

    /// Keeps a value on this node only, in place of an earlier one under the key. `space`: `records`, `observations`,
    /// `scores` or `shares`. Open to nodes that are no members any
    /// more: what is in its vault is the node's own.
    ///
    /// # Errors
    ///
    /// [`Error::BadInput`], [`Error::TooLarge`] above 1 MiB.
    pub fn put_private(&mut self, space: String, key: String, value_base64: String) -> Result<(), Error> {
        vault::put(&space, &key, &value_base64)
    }

    /// The value that this node keeps under a key, in base64.
    ///
    /// # Errors
    ///
    /// [`Error::BadInput`].
    pub fn get_private(&self, space: String, key: String) -> Result<Option<String>, Error> {
        vault::get(&space, &key)
    }

    /// Forgets a value of this node. True when there was one.
    ///
    /// # Errors
    ///
    /// [`Error::BadInput`].
    pub fn remove_private(&mut self, space: String, key: String) -> Result<bool, Error> {
        vault::remove(&space, &key)
    }

    /// The keys of a space on this node, in order. `limit`: 1 to 200, else 50; `after`: the last key seen.
    ///
    /// # Errors
    ///
    /// [`Error::BadInput`].
    pub fn list_private(&self, space: String, after: Option<String>, limit: Option<u32>) -> Result<PrivateKeys, Error> {
        vault::list(&space, after.as_deref(), limit)
    }
}
