//! For tests only (feature `hostile`): what a member can do who compiles another app for the same state. It writes to storage around all checks,
//! and its node then sends that to the others like any other change. Its own node believes it; the question is whether the others do.
//!
//! It mirrors the stored forms instead of using ours, as a stranger would.

use calimero_sdk::app;
use calimero_sdk::borsh::{self, BorshDeserialize, BorshSerialize};
use calimero_storage::address::Id;
use calimero_storage::collections::{LwwRegister, UnorderedMap};
use calimero_storage::entities::{OpMask, SignatureData, StorageType};
use calimero_storage::env;
use calimero_storage::exports::{Digest, Sha256};
use calimero_storage::index::Index;
use calimero_storage::interface::Interface;
use calimero_storage::store::MainStorage;
use calimero_storage::Data;

use crate::errors::Error;
use crate::MedSync;

/// Number and content of each entry.
type Page = Vec<(u64, Vec<u8>)>;
/// Commitment, patient tag, parties, nonce, what they replace, time.
type Terms = (String, String, Vec<([u8; 32], Vec<u8>)>, String, Option<String>, u64);
/// Executor, organisation, kind, key, whether active.
type Seat = ([u8; 32], String, u8, Vec<u8>, bool);

#[app::logic]
impl MedSync {
    /// Gives terms that another node filed the patient tag `forged`. `claiming`: in whose name, see [`claim`].
    pub fn forge_terms_change(&mut self, commitment: String, filed_by: String, claiming: String) -> Result<bool, Error> {
        self.forge_page(&commitment, &filed_by, &claiming, |page, at| {
            let mut terms = terms_in(&page[at].1).expect("found before");
            terms.1 = "forged".to_owned();
            page[at].1 = borsh::to_vec(&terms).expect("terms can be encoded");
        })
    }

    /// Files terms of the commitment `0xf0f0` in the name of another node, beside some that it did file.
    pub fn forge_terms_entry(&mut self, commitment: String, filed_by: String, claiming: String) -> Result<bool, Error> {
        self.forge_page(&commitment, &filed_by, &claiming, |page, at| {
            let mut terms = terms_in(&page[at].1).expect("found before");
            terms.0 = "0xf0f0".to_owned();
            let last = page.last().map_or(0, |slot| slot.0);
            page.push((last + 1, borsh::to_vec(&terms).expect("terms can be encoded")));
        })
    }

    /// Deletes the page in which terms stand that another node filed.
    pub fn forge_terms_removal(&mut self, commitment: String, filed_by: String) -> Result<bool, Error> {
        let map = id_of(&self.terms);
        let Some((entry, _)) = find(map, &commitment, &filed_by) else { return Ok(false) };
        Ok(Interface::<MainStorage>::remove_child_from(map, entry).expect("storage removes what it holds"))
    }

    /// Makes a node a member of the circle, or removes it.
    pub fn forge_member(&mut self, executor: String, is_active: bool, claiming: String) -> Result<bool, Error> {
        let executor = crate::ids::executor("executor", &executor)?;
        let value = child(id_of(&self.members), b"__calimero_shared_value__");
        overwrite::<LwwRegister<Vec<Seat>>>(value, &claiming, |roster| {
            let mut seats = roster.get().clone();
            seats.retain(|seat| seat.0 != executor);
            seats.push((executor, "0x666".to_owned(), 0, vec![6; 32], is_active));
            *roster = LwwRegister::new(seats);
        })
    }
}

impl MedSync {
    fn forge_page(
        &self,
        commitment: &str,
        owner: &str,
        claiming: &str,
        change: impl FnOnce(&mut Page, usize),
    ) -> Result<bool, Error> {
        let Some((entry, at)) = find(id_of(&self.terms), commitment, owner) else { return Ok(false) };
        overwrite::<(String, LwwRegister<Page>)>(entry, claiming, |(_, register)| {
            let mut page = register.get().clone();
            change(&mut page, at);
            *register = LwwRegister::new(page);
        })
    }
}

/// Who a forged change says that it is by: `owner`, whose entry it is; `nobody`, an entry without an owner; `self`, this node, which can sign that.
fn claim(claiming: &str, of: &StorageType) -> Result<StorageType, Error> {
    let me = env::executor_id().into();
    let unsigned = Some(SignatureData { signature: [0; 64], nonce: env::time_now(), signer: Some(me) });
    match (claiming, of) {
        ("owner", StorageType::User { owner, .. }) => Ok(StorageType::User { owner: *owner, signature_data: unsigned }),
        ("owner", StorageType::SharedMember { anchor, .. }) => {
            Ok(StorageType::SharedMember { anchor: *anchor, signature_data: unsigned })
        }
        ("nobody", _) => Ok(StorageType::Public),
        ("self", StorageType::User { .. }) => Ok(StorageType::User { owner: me, signature_data: unsigned }),
        ("self", _) => Ok(StorageType::Shared { writers: [(me, OpMask::FULL)].into(), signature_data: unsigned }),
        _ => Err(Error::bad("claiming", "owner, nobody or self")),
    }
}

/// Writes an entity around the collection that holds it, and lets it go out with the call's other changes.
fn overwrite<T: BorshDeserialize + BorshSerialize>(id: Id, claiming: &str, change: impl FnOnce(&mut T)) -> Result<bool, Error> {
    let Some(stored) = Interface::<MainStorage>::find_by_id_raw(id) else { return Ok(false) };
    let mut rest = &stored[..];
    let mut item = T::deserialize(&mut rest).expect("the stored form is known");
    change(&mut item);
    let mut data = borsh::to_vec(&item).expect("it can be encoded again");
    data.extend_from_slice(rest);
    let index = Index::<MainStorage>::get_index(id).expect("storage can be read").expect("what is stored is indexed");
    let mut metadata = index.metadata;
    metadata.set_updated_at(env::time_now());
    metadata.storage_type = claim(claiming, &metadata.storage_type)?;
    Ok(Interface::<MainStorage>::save_raw(id, data, metadata).expect("storage takes it").is_some())
}

/// The page of `owner`'s terms that holds a commitment, and where in it.
fn find(map: Id, commitment: &str, owner: &str) -> Option<(Id, usize)> {
    for number in 0_u32.. {
        let entry = child(map, format!("{owner}/{number}").as_bytes());
        let stored = Interface::<MainStorage>::find_by_id_raw(entry)?;
        let (_, page) = <(String, LwwRegister<Page>)>::deserialize(&mut &stored[..]).ok()?;
        let at = page.get().iter().position(|slot| terms_in(&slot.1).is_some_and(|terms| terms.0 == commitment));
        if let Some(at) = at {
            return Some((entry, at));
        }
    }
    None
}

fn terms_in(body: &[u8]) -> Option<Terms> {
    borsh::from_slice(body).ok()
}

/// Where a collection is stored: all that is written of it in the root is this.
fn id_of(collection: &impl BorshSerialize) -> Id {
    let root = borsh::to_vec(collection).expect("a collection can be encoded");
    let twin = UnorderedMap::<String, u8>::deserialize(&mut &root[..]).expect("every collection begins alike");
    twin.element().id()
}

fn child(parent: Id, key: &[u8]) -> Id {
    let mut hash = Sha256::new();
    hash.update(parent.as_bytes());
    hash.update(b"__calimero_entry__");
    hash.update(key);
    Id::new(hash.finalize().into())
}
