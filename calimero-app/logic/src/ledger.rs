//! Append-only sequences, one for each node and subject, packed into pages.
//!
//! Why pages: rc.4 keeps the ids and signatures of all entries of a map in one value that each write reads, sorts, hashes
//! and writes back, and a value may not pass 10 MiB. 100,000 entries of their own would be 20 MB; as pages they are some 700.
//! A page has one author, so no two nodes ever write the same one, and the last write of its author wins.
//!
//! Order: an entry's number is one more than the highest that its author had seen from anyone. So numbers grow along
//! cause and effect, without a clock; equal numbers are ordered by author. It is an order of lists, not of authority:
//! a member can number its own entries as it likes.

use calimero_sdk::borsh::{self, BorshDeserialize, BorshSerialize};
use calimero_storage::exports::{Digest, Sha256};

use crate::errors::Error;
use crate::ids::{self, hex, Executor};
use crate::owned::{self, Owned};

/// A page takes no further entry beyond this size (a larger entry has a page for itself).
const PAGE_BYTES: usize = 16 * 1024;
/// Nor beyond this number of entries.
const PAGE_SLOTS: usize = 192;
/// How large a page may become when entries in it grow: the runtime takes no value beyond 10 MiB.
const GROWN_PAGE_BYTES: usize = 1024 * 1024;
/// Into how many parts each node's index is cut: fewer make the parts large, more make the list of them large.
const BUCKETS: u8 = 64;
/// How far one entry may run ahead of the author's last one: a member that claims an absurd number cannot use up all others.
const LEAP: u64 = 1 << 32;
/// How many pages one call may read; an answer that ends here says where to go on.
const PAGES_A_CALL: usize = 96;

/// Where the sequence of one node ends.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub struct Head {
    pages: u32,
    newest: u64,
}

/// Consecutive entries of one node.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub struct Page {
    slots: Vec<Slot>,
}

/// One entry: its number, and its content as its subject encodes it.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub struct Slot {
    sequence: u64,
    body: Vec<u8>,
}

/// A part of one node's index: where the entries of some names stand.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub struct Bucket {
    hints: Vec<Hint>,
}

#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
struct Hint {
    tag: u64,
    at: Place,
}

/// Where an entry of one node stands.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
#[borsh(crate = "calimero_sdk::borsh")]
pub(crate) struct Place {
    page: u32,
    slot: u16,
}

/// An entry with its author, number and place.
#[derive(Clone, Debug)]
pub(crate) struct Entry<T> {
    pub(crate) owner: Executor,
    pub(crate) sequence: u64,
    pub(crate) place: Place,
    pub(crate) body: T,
}

impl<T> Entry<T> {
    /// What to hand in as `after` to go on behind this entry.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor { sequence: self.sequence, owner: self.owner }
    }
}

/// A place in the order of all entries: newest first, so "behind" means smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    sequence: u64,
    owner: Executor,
}

impl Cursor {
    /// Reads a cursor from an earlier answer.
    pub(crate) fn parse(text: Option<&str>) -> Result<Option<Self>, Error> {
        let Some(text) = text else { return Ok(None) };
        let wrong = || Error::bad("after", "the `next` of an earlier answer");
        let (sequence, owner) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Some(Self {
            sequence: sequence.parse().map_err(|_| wrong())?,
            owner: ids::executor("after", owner).map_err(|_| wrong())?,
        }))
    }

    /// As text, for an answer.
    pub(crate) fn text(&self) -> String {
        format!("{}.{}", self.sequence, hex(&self.owner))
    }
}

/// A subject's entries of all nodes, to read.
#[derive(Clone, Copy)]
pub(crate) struct Ledger<'a> {
    pub(crate) subject: &'static str,
    pub(crate) heads: &'a Owned<Head>,
    pub(crate) pages: &'a Owned<Page>,
    pub(crate) index: &'a Owned<Bucket>,
}

/// The same, for the calling node to write its own.
pub(crate) struct LedgerMut<'a> {
    pub(crate) subject: &'static str,
    pub(crate) heads: &'a mut Owned<Head>,
    pub(crate) pages: &'a mut Owned<Page>,
    pub(crate) index: &'a mut Owned<Bucket>,
}

fn tag_of(name: &str) -> (String, u64) {
    let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    let mut tag = [0u8; 8];
    tag.copy_from_slice(&digest[1..9]);
    (hex(&[digest[0] % BUCKETS]), u64::from_be_bytes(tag))
}

fn decode<T: BorshDeserialize>(body: &[u8]) -> Option<T> {
    borsh::from_slice(body).ok()
}

fn encode<T: BorshSerialize>(body: &T) -> Result<Vec<u8>, Error> {
    borsh::to_vec(body).map_err(|error| Error::Storage { reason: error.to_string() })
}

impl<'a> Ledger<'a> {
    fn head(&self, owner: &Executor) -> Result<Head, Error> {
        Ok(owned::read(self.heads, owner, self.subject)?.unwrap_or_default())
    }

    fn page(&self, owner: &Executor, page: u32) -> Result<Option<Page>, Error> {
        owned::read(self.pages, owner, &page.to_string())
    }

    /// The entries of `owner` that were filed under `name` (and perhaps some of other names: compare what you find).
    pub(crate) fn find<T: BorshDeserialize>(&self, owner: &Executor, name: &str) -> Result<Vec<Entry<T>>, Error> {
        let (bucket, tag) = tag_of(name);
        let Some(bucket) = owned::read(self.index, owner, &bucket)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let mut loaded: Option<(u32, Page)> = None;
        for hint in bucket.hints.iter().filter(|hint| hint.tag == tag) {
            if loaded.as_ref().map(|(number, _)| *number) != Some(hint.at.page) {
                loaded = self.page(owner, hint.at.page)?.map(|page| (hint.at.page, page));
            }
            let slot = loaded.as_ref().and_then(|(_, page)| page.slots.get(usize::from(hint.at.slot)));
            // What its own author encoded badly is nobody's entry.
            if let Some((slot, body)) = slot.and_then(|slot| decode(&slot.body).map(|body| (slot, body))) {
                found.push(Entry { owner: *owner, sequence: slot.sequence, place: hint.at, body });
            }
        }
        Ok(found)
    }

    /// All entries of `people`, newest first, from behind `after`.
    pub(crate) fn walk(self, people: &[Executor], after: Option<Cursor>) -> Result<Walk<'a>, Error> {
        let mut walk = Walk {
            ledger: self,
            streams: Vec::new(),
            pages_left: PAGES_A_CALL.max(people.len() * 2),
            last: after,
            is_at_end: false,
        };
        for owner in people {
            if let Some(stream) = self.stream(owner, after)? {
                walk.streams.push(stream);
            }
        }
        Ok(walk)
    }

    fn stream(&self, owner: &Executor, after: Option<Cursor>) -> Result<Option<Stream>, Error> {
        let pages = self.head(owner)?.pages;
        let behind = |slot: &Slot| after.is_none_or(|after| Cursor { sequence: slot.sequence, owner: *owner } < after);
        // The last page that begins behind the cursor: `low` pages do, those from `high` on do not.
        let (mut low, mut high) = (0, pages);
        if after.is_none() {
            low = pages;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            let begins_behind = self.page(owner, middle)?.and_then(|page| page.slots.first().map(behind)).unwrap_or(false);
            if begins_behind {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let Some(number) = low.checked_sub(1) else { return Ok(None) };
        let Some(page) = self.page(owner, number)? else { return Ok(None) };
        let left = page.slots.partition_point(behind);
        Ok(Some(Stream { owner: *owner, number, page, left }))
    }
}

struct Stream {
    owner: Executor,
    number: u32,
    page: Page,
    left: usize,
}

/// Reads entries of several nodes in one order.
pub(crate) struct Walk<'a> {
    ledger: Ledger<'a>,
    streams: Vec<Stream>,
    pages_left: usize,
    last: Option<Cursor>,
    is_at_end: bool,
}

impl Walk<'_> {
    /// The next entry, or nothing at the end or when the call has read enough pages.
    pub(crate) fn next<T: BorshDeserialize>(&mut self) -> Result<Option<Entry<T>>, Error> {
        loop {
            for at in (0..self.streams.len()).rev() {
                if self.streams[at].left == 0 && !self.turn(at)? {
                    return Ok(None);
                }
            }
            self.streams.retain(|stream| stream.left > 0);
            let newest = self
                .streams
                .iter_mut()
                .max_by_key(|stream| Cursor { sequence: stream.page.slots[stream.left - 1].sequence, owner: stream.owner });
            let Some(stream) = newest else {
                self.is_at_end = true;
                return Ok(None);
            };
            stream.left -= 1;
            let slot = &stream.page.slots[stream.left];
            let cursor = Cursor { sequence: slot.sequence, owner: stream.owner };
            if self.last.is_some_and(|last| cursor >= last) {
                // Numbers that do not fall are a member's lie; going on strictly downwards always comes to an end.
                continue;
            }
            self.last = Some(cursor);
            let place = Place { page: stream.number, slot: u16::try_from(stream.left).unwrap_or(u16::MAX) };
            if let Some(body) = decode(&slot.body) {
                return Ok(Some(Entry { owner: stream.owner, sequence: slot.sequence, place, body }));
            }
        }
    }

    /// Turns a stream to its previous page; false when the call has read enough.
    fn turn(&mut self, at: usize) -> Result<bool, Error> {
        let stream = &mut self.streams[at];
        while stream.left == 0 && stream.number > 0 {
            if self.pages_left == 0 {
                return Ok(false);
            }
            self.pages_left -= 1;
            stream.number -= 1;
            stream.page = self.ledger.page(&stream.owner, stream.number)?.unwrap_or_default();
            stream.left = stream.page.slots.len();
            if stream.left == 0 {
                // Honest nodes leave no gaps: whoever does must not make others read forever.
                stream.number = 0;
            }
        }
        Ok(true)
    }

    /// Where the next answer has to go on: nothing when everything was read.
    pub(crate) fn rest(&self) -> Option<String> {
        if self.is_at_end {
            return None;
        }
        self.last.map(|cursor| cursor.text())
    }
}

impl LedgerMut<'_> {
    /// To read.
    pub(crate) fn view(&self) -> Ledger<'_> {
        Ledger { subject: self.subject, heads: self.heads, pages: self.pages, index: self.index }
    }

    /// Appends an entry of the calling node, to be found under each of `names`; gives its number.
    pub(crate) fn append<T: BorshSerialize>(&mut self, people: &[Executor], body: &T, names: &[&str]) -> Result<u64, Error> {
        let me = ids::me();
        let body = encode(body)?;
        let mut head = self.view().head(&me)?;
        let mut newest = head.newest;
        for person in people {
            newest = newest.max(self.view().head(person)?.newest);
        }
        head.newest = newest.min(head.newest.saturating_add(LEAP)).saturating_add(1);

        let last = match head.pages.checked_sub(1) {
            Some(number) => self.view().page(&me, number)?.map(|page| (number, page)),
            None => None,
        };
        let (number, mut page) = match last {
            Some((number, page)) if page.has_room_for(&body) => (number, page),
            _ => {
                head.pages += 1;
                (head.pages - 1, Page::default())
            }
        };
        let place = Place { page: number, slot: u16::try_from(page.slots.len()).unwrap_or(u16::MAX) };
        page.slots.push(Slot { sequence: head.newest, body });
        let sequence = head.newest;
        owned::write(self.pages, &me, &number.to_string(), page)?;
        owned::write(self.heads, &me, self.subject, head)?;
        for name in names {
            let (bucket, tag) = tag_of(name);
            let mut hints = owned::read(self.index, &me, &bucket)?.unwrap_or_default();
            hints.hints.push(Hint { tag, at: place });
            owned::write(self.index, &me, &bucket, hints)?;
        }
        Ok(sequence)
    }

    /// Gives an entry of the calling node a new content; its number stays.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] when its page would grow too large with it.
    pub(crate) fn replace<T: BorshSerialize>(&mut self, place: Place, body: &T) -> Result<(), Error> {
        let me = ids::me();
        let body = encode(body)?;
        let mut page = self.view().page(&me, place.page)?.unwrap_or_default();
        if let Some(slot) = page.slots.get_mut(usize::from(place.slot)) {
            let has_grown = body.len() > slot.body.len();
            slot.body = body;
            if has_grown {
                Error::limit("page", page.size(), GROWN_PAGE_BYTES)?;
            }
        }
        owned::write(self.pages, &me, &place.page.to_string(), page)
    }
}

impl Page {
    fn has_room_for(&self, body: &[u8]) -> bool {
        self.slots.len() < PAGE_SLOTS && self.size() + body.len() <= PAGE_BYTES
    }

    fn size(&self) -> usize {
        self.slots.iter().map(|slot| slot.body.len()).sum()
    }
}

/// Orders entries newest first and cuts out those behind `after`; the second value says where to go on.
pub(crate) fn part<T>(mut entries: Vec<Entry<T>>, after: Option<Cursor>, limit: usize) -> (Vec<Entry<T>>, Option<String>) {
    entries.sort_by_key(|entry| core::cmp::Reverse(entry.cursor()));
    entries.retain(|entry| after.is_none_or(|after| entry.cursor() < after));
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next = if has_more { entries.last().map(|entry| entry.cursor().text()) } else { None };
    (entries, next)
}

#[cfg(test)]
impl Head {
    /// For tests: what a lying member may say of itself.
    pub(crate) fn claiming(pages: u32, newest: u64) -> Self {
        Self { pages, newest }
    }
}
