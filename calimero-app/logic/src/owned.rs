//! Entries that belong to one node. Storage lets every member insert any key of an `AuthoredMap`, and lets only the
//! inserter change an entry later. So a key here names its owner, an entry under somebody else's name counts as absent,
//! and an owner whose key was taken by another moves on to the next one.

use calimero_sdk::borsh::{BorshDeserialize, BorshSerialize};
use calimero_storage::collections::{AuthoredMap, LwwRegister};

use crate::errors::Error;
use crate::ids::{self, hex, Executor};

/// How many times in a row a key may be found taken before the owner gives up.
const MAX_TAKEN: u32 = 16;

/// A map of entries that each belong to one node.
pub(crate) type Owned<V> = AuthoredMap<String, LwwRegister<V>>;

enum Standing {
    Mine(String),
    Free(String),
}

fn place<V>(map: &Owned<V>, owner: &Executor, name: &str) -> Result<Option<Standing>, Error>
where
    V: BorshSerialize + BorshDeserialize,
{
    let mut key = format!("{}/{name}", hex(owner));
    let length = key.len();
    for taken in 1..=MAX_TAKEN {
        match map.owner_of(&key)? {
            Some(found) if found.digest() == owner => return Ok(Some(Standing::Mine(key))),
            None if matches!(map.get(&key), Ok(None)) => return Ok(Some(Standing::Free(key))),
            // Somebody else's, or without an owner: forged around the app, and perhaps not even readable.
            None | Some(_) => {
                key.truncate(length);
                key.push_str(&format!("#{taken}"));
            }
        }
    }
    Ok(None)
}

/// What `owner` wrote under `name`, if anything.
pub(crate) fn read<V>(map: &Owned<V>, owner: &Executor, name: &str) -> Result<Option<V>, Error>
where
    V: BorshSerialize + BorshDeserialize + Clone,
{
    let Some(Standing::Mine(key)) = place(map, owner, name)? else { return Ok(None) };
    match map.get(&key) {
        Ok(register) => Ok(register.map(|register| register.get().clone())),
        // What another node wrote badly is its own loss: it must not stop those who read beside it.
        Err(_) if *owner != ids::me() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes the calling node's entry under `name`, the first time or again.
///
/// # Errors
///
/// [`Error::Occupied`] when other members took all places where it could stand.
pub(crate) fn write<V>(map: &mut Owned<V>, me: &Executor, name: &str, value: V) -> Result<(), Error>
where
    V: BorshSerialize + BorshDeserialize + 'static,
{
    match place(map, me, name)?.ok_or(Error::Occupied)? {
        Standing::Mine(key) => map.update(&key, LwwRegister::new(value))?,
        Standing::Free(key) => map.insert(key, LwwRegister::new(value))?,
    }
    Ok(())
}
