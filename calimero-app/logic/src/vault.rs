//! What never leaves the node: working data of records, observations, scores, shares of secrets.
//!
//! Everything here goes through the host's private storage, the one that stands behind `#[app::private]`: it is a
//! separate column of the node's database, is in no state hash, no delta and no event, and no other node can ask for it.
//! The functions are used directly because an `#[app::private]` map reads and writes the list of all its keys at each
//! write. Here a key stands on a shelf of at most 256 keys, and a directory says which shelf.
//!
//! What still shows: a call that writes here is a call of the context. rc.4 saves private writes only together with a
//! (here unchanged) shared state, so the other members see that this node did something, and when; not what, nor in
//! which space.

use calimero_sdk::borsh::{self, BorshDeserialize, BorshSerialize};
use calimero_sdk::env;
use calimero_sdk::serde::Serialize;
use calimero_storage::exports::{Digest, Sha256};

use crate::errors::Error;
use crate::ids;

/// The largest private value in bytes.
const MAX_VALUE_BYTES: usize = 1024 * 1024;
/// How many keys stand on one shelf.
const SHELF_KEYS: usize = 256;

/// What a private value is; each space has its own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Working data of records.
    Records,
    /// Observations taken from records.
    Observations,
    /// Urgency scores.
    Scores,
    /// Shares of secrets, own ones and those received.
    Shares,
}

/// A part of the keys of a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(crate = "calimero_sdk::serde")]
pub struct PrivateKeys {
    /// The keys in order.
    pub keys: Vec<String>,
    /// Hand it in as `after` to go on; nothing at the end.
    pub next: Option<String>,
}

impl Space {
    fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "records" => Ok(Self::Records),
            "observations" => Ok(Self::Observations),
            "scores" => Ok(Self::Scores),
            "shares" => Ok(Self::Shares),
            _ => Err(Error::bad("space", "records, observations, scores or shares")),
        }
    }

    const fn letter(self) -> &'static str {
        match self {
            Self::Records => "r",
            Self::Observations => "o",
            Self::Scores => "s",
            Self::Shares => "h",
        }
    }
}

/// The shelves of a space in the order of the keys from which they begin. The first begins before every key, and stays.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
struct Directory {
    shelves: Vec<(String, u32)>,
    made: u32,
}

impl Directory {
    fn at(&self, key: &str) -> usize {
        self.shelves.partition_point(|(first, _)| first.as_str() <= key).saturating_sub(1)
    }
}

/// Where something is kept. Exactly 32 bytes: rc.4 pads shorter keys with zeros, and drops what is written under longer ones without a word.
type Place = [u8; 32];

fn place(space: Space, what: &str) -> Place {
    Sha256::digest(format!("vault/{}/{what}", space.letter()).as_bytes()).into()
}

fn value_place(space: Space, key: &str) -> Place {
    place(space, &format!("value/{key}"))
}

fn directory_place(space: Space) -> Place {
    place(space, "directory")
}

fn shelf_place(space: Space, shelf: u32) -> Place {
    place(space, &format!("shelf/{shelf}"))
}

fn load<T: BorshDeserialize + Default>(place: &Place) -> Result<T, Error> {
    match env::private_storage_read(place) {
        None => Ok(T::default()),
        Some(bytes) => borsh::from_slice(&bytes).map_err(|error| Error::Storage { reason: error.to_string() }),
    }
}

fn save<T: BorshSerialize>(place: &Place, value: &T) -> Result<(), Error> {
    let bytes = borsh::to_vec(value).map_err(|error| Error::Storage { reason: error.to_string() })?;
    write(place, &bytes)
}

fn write(place: &Place, bytes: &[u8]) -> Result<(), Error> {
    if env::private_storage_write(place, bytes) {
        Ok(())
    } else {
        Err(Error::Storage { reason: "this node has no private storage".to_owned() })
    }
}

/// See [`crate::MedSync::put_private`].
pub(crate) fn put(space: &str, key: &str, value_base64: &str) -> Result<(), Error> {
    let space = Space::parse(space)?;
    ids::name("key", key)?;
    let value = ids::bytes("value_base64", value_base64, MAX_VALUE_BYTES)?;
    write(&value_place(space, key), &value)?;

    let mut directory: Directory = load(&directory_place(space))?;
    if directory.shelves.is_empty() {
        directory = Directory { shelves: vec![(String::new(), 0)], made: 1 };
        save(&directory_place(space), &directory)?;
    }
    let at = directory.at(key);
    let shelf = directory.shelves[at].1;
    let mut keys: Vec<String> = load(&shelf_place(space, shelf))?;
    let Err(slot) = keys.binary_search_by(|have| have.as_str().cmp(key)) else { return Ok(()) };
    keys.insert(slot, key.to_owned());
    if keys.len() > SHELF_KEYS {
        // Keys that come in order fill shelves whole; others halve the one they fall on.
        let is_last = slot == keys.len() - 1 && at == directory.shelves.len() - 1;
        let moved = keys.split_off(if is_last { keys.len() - 1 } else { keys.len() / 2 });
        save(&shelf_place(space, directory.made), &moved)?;
        directory.shelves.insert(at + 1, (moved[0].clone(), directory.made));
        directory.made += 1;
        save(&directory_place(space), &directory)?;
    }
    save(&shelf_place(space, shelf), &keys)
}

/// See [`crate::MedSync::get_private`].
pub(crate) fn get(space: &str, key: &str) -> Result<Option<String>, Error> {
    let space = Space::parse(space)?;
    ids::name("key", key)?;
    Ok(env::private_storage_read(&value_place(space, key)).map(|value| ids::base64(&value)))
}

/// See [`crate::MedSync::remove_private`]; true when there was something.
pub(crate) fn remove(space: &str, key: &str) -> Result<bool, Error> {
    let space = Space::parse(space)?;
    ids::name("key", key)?;
    let had = env::private_storage_remove(&value_place(space, key));
    let mut directory: Directory = load(&directory_place(space))?;
    if directory.shelves.is_empty() {
        return Ok(had);
    }
    let at = directory.at(key);
    let shelf = directory.shelves[at].1;
    let mut keys: Vec<String> = load(&shelf_place(space, shelf))?;
    let Ok(slot) = keys.binary_search_by(|have| have.as_str().cmp(key)) else { return Ok(had) };
    let _key = keys.remove(slot);
    if keys.is_empty() && at > 0 {
        let _had = env::private_storage_remove(&shelf_place(space, shelf));
        let _shelf = directory.shelves.remove(at);
        save(&directory_place(space), &directory)?;
    } else {
        save(&shelf_place(space, shelf), &keys)?;
    }
    Ok(had)
}

/// See [`crate::MedSync::list_private`].
pub(crate) fn list(space: &str, after: Option<&str>, limit: Option<u32>) -> Result<PrivateKeys, Error> {
    let space = Space::parse(space)?;
    let limit = ids::limit(limit)?;
    let directory: Directory = load(&directory_place(space))?;
    let mut keys: Vec<String> = Vec::new();
    let from = after.map_or(0, |after| directory.at(after));
    for (_, shelf) in directory.shelves.iter().skip(from) {
        let on_shelf: Vec<String> = load(&shelf_place(space, *shelf))?;
        keys.extend(on_shelf.into_iter().filter(|key| after.is_none_or(|after| key.as_str() > after)));
        if keys.len() > limit {
            break;
        }
    }
    let has_more = keys.len() > limit;
    keys.truncate(limit);
    let next = if has_more { keys.last().cloned() } else { None };
    Ok(PrivateKeys { keys, next })
}
