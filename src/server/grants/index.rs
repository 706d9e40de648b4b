//! The maps themselves: by the hash of a string, by the id of a token, by the id and the slug of a workgroup.

use super::grant::{Grant, Grave, Permissions, Record};
use super::home::Home;
use super::table::Table;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::token::Kind;
use crate::server::clock::Clock;
use crate::server::secret::Hash;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use uuid::Uuid;

/// A verdict may come from memory for so many milliseconds after the last round that heard from the database began.
const FRESH: i64 = 5_000;
/// Nothing was heard yet, or what was heard cannot be relied on.
const NEVER: i64 = i64::MIN;

#[derive(Debug)]
pub struct Index {
    /// With the key of the string: a record may have several.
    strings: Table<(u64, Arc<Record>)>,
    tokens: Table<Arc<Record>>,
    homes: RwLock<Homes>,
    /// Kinds and sets of permissions, by kind and by their text in the store: a million tokens share a handful.
    permissions: Mutex<HashMap<(Kind, String), Arc<Permissions>>>,
    /// When the last round that heard from the database began, by [`Clock::awake`].
    heard_at: AtomicI64,
    /// The number of the last change that it holds; `None`: it was not filled. Held while rows are read and put in, so that
    /// what is put in is never older than what is there.
    pub(super) at: tokio::sync::Mutex<Option<i64>>,
    ids: RandomState,
}

#[derive(Debug, Default)]
struct Homes {
    by_id: HashMap<String, Arc<Home>>,
    by_slug: HashMap<String, Arc<Home>>,
}

impl Default for Index {
    fn default() -> Index {
        Index {
            strings: Table::default(),
            tokens: Table::default(),
            homes: RwLock::default(),
            permissions: Mutex::default(),
            heard_at: AtomicI64::new(NEVER),
            at: tokio::sync::Mutex::default(),
            ids: RandomState::new(),
        }
    }
}

/// The first eight bytes of a hash are as even as the whole.
fn key(hash: &Hash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *hash;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

impl Index {
    /// What this string leads to, if anything.
    #[must_use]
    pub fn find(&self, hash: &Hash) -> Option<Arc<Record>> {
        let key = key(hash);
        let found = self.strings.find(key, |(known, record)| *known == key && record.has(hash));
        found.map(|(_, record)| record)
    }

    #[must_use]
    pub fn home_by_slug(&self, slug: &str) -> Option<Arc<Home>> {
        self.homes.read().unwrap_or_else(PoisonError::into_inner).by_slug.get(slug).cloned()
    }

    #[must_use]
    pub fn home(&self, id: &str) -> Option<Arc<Home>> {
        self.homes.read().unwrap_or_else(PoisonError::into_inner).by_id.get(id).cloned()
    }

    /// Nothing is said from memory that may be older than five seconds.
    pub fn require_fresh(&self, clock: &Clock) -> Result<(), Refusal> {
        match self.age(clock) {
            Some(age) if age < FRESH => Ok(()),
            _ => Err(Refusal {
                retry_after: Some(1),
                ..Refusal::new(
                    Code::Unavailable,
                    "Latchkey cannot hear from its database, so nothing is allowed at the moment. Try again soon.",
                )
            }),
        }
    }

    /// Milliseconds since the last round that heard from the database began.
    #[must_use]
    pub fn age(&self, clock: &Clock) -> Option<i64> {
        let heard = self.heard_at.load(Ordering::Acquire);
        (heard != NEVER).then(|| clock.awake() - heard)
    }

    /// How many strings it knows, those that are gone included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn heard(&self, began: i64) {
        self.heard_at.fetch_max(began, Ordering::AcqRel);
    }

    /// What it holds may be older than what somebody was told: it says nothing until it has caught up.
    pub(super) fn doubt(&self) {
        self.heard_at.store(NEVER, Ordering::Release);
    }

    pub(super) fn clear(&self) {
        self.doubt();
        self.strings.clear();
        self.tokens.clear();
        *self.homes.write().unwrap_or_else(PoisonError::into_inner) = Homes::default();
    }

    /// The workgroup with this id, made if it is new.
    pub(super) fn put_home(&self, id: &str, slug: &str) -> Arc<Home> {
        if let Some(home) = self.home(id) {
            return home;
        }
        let home = Arc::new(Home::new(id, slug));
        let mut homes = self.homes.write().unwrap_or_else(PoisonError::into_inner);
        homes.by_slug.insert(slug.to_owned(), home.clone());
        homes.by_id.insert(id.to_owned(), home.clone());
        home
    }

    pub(super) fn each_home(&self, act: impl Fn(&Home)) {
        let homes = self.homes.read().unwrap_or_else(PoisonError::into_inner);
        homes.by_id.values().for_each(|home| act(home));
    }

    /// The set of permissions that this JSON text of the store names, of a token of this kind.
    pub(super) fn permissions(&self, kind: Kind, text: String) -> anyhow::Result<Arc<Permissions>> {
        let mut known = self.permissions.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (kind, text);
        if let Some(set) = known.get(&key) {
            return Ok(set.clone());
        }
        let names: BTreeSet<String> = serde_json::from_str(&key.1)?;
        let text = names.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        let set = Arc::new(Permissions { kind, names, text });
        known.insert(key, set.clone());
        Ok(set)
    }

    fn token_key(&self, id: Uuid) -> u64 {
        self.ids.hash_one(id)
    }

    fn record_key(&self, record: &Record) -> u64 {
        let (Record::Grant(Grant { id, .. }) | Record::Grave(Grave { token_id: id, .. })) = record;
        self.token_key(*id)
    }

    /// Makes room for so many tokens with so many strings.
    pub(super) fn reserve(&self, tokens: usize, strings: usize) {
        self.tokens.reserve(tokens, |record| self.record_key(record));
        self.strings.reserve(strings, |(key, _)| *key);
    }

    fn token(&self, id: Uuid) -> Option<Arc<Record>> {
        self.tokens.find(self.token_key(id), |record| is_token(record, id))
    }

    /// A token as it now is. Calls are charged where they were, unless its limit is another.
    pub(super) fn put_token(&self, grant: Grant) {
        let (id, old) = (grant.id, self.token(grant.id));
        if let Some(Record::Grant(old)) = old.as_deref()
            && old.limit() == grant.limit()
            && let Some(meter) = old.meter.get()
        {
            // It was made just now: nobody else has set it.
            let _ = grant.meter.set(Box::new(meter.clone()));
        }
        let record = Arc::new(Record::Grant(grant));
        let Record::Grant(grant) = record.as_ref() else { return };
        for string in grant.strings.all() {
            self.put_string(&string.hash, record.clone());
        }
        let key_of = |record: &Arc<Record>| self.record_key(record);
        self.tokens.replace(self.token_key(id), record.clone(), |old| is_token(old, id), key_of);
        self.forget_strings(old.as_deref(), &record);
    }

    /// The token left the system; its strings go with it, but for those whose graves were put in before.
    pub(super) fn remove_token(&self, id: Uuid) {
        let Some(old) = self.token(id) else { return };
        self.tokens.remove(self.token_key(id), |record| is_token(record, id));
        let Record::Grant(grant) = old.as_ref() else { return };
        for string in grant.strings.all() {
            self.strings.remove(key(&string.hash), |(_, record)| Arc::ptr_eq(record, &old));
        }
    }

    /// A string that is gone. One that a token still has, or has again, is not gone.
    pub(super) fn put_grave(&self, record: Arc<Record>) {
        let Record::Grave(grave) = record.as_ref() else { return };
        let (hash, token_id) = (grave.hash, grave.token_id);
        if let Some(found) = self.find(&hash)
            && let Record::Grant(grant) = found.as_ref()
            && grant.id != token_id
        {
            return;
        }
        self.put_string(&hash, record);
    }

    fn put_string(&self, hash: &Hash, record: Arc<Record>) {
        let key = key(hash);
        let same = |(known, old): &(u64, Arc<Record>)| *known == key && old.has(hash);
        self.strings.replace(key, (key, record), same, |(key, _)| *key);
    }

    /// What the token had before and no longer has.
    fn forget_strings(&self, old: Option<&Record>, new: &Arc<Record>) {
        let Some(Record::Grant(old)) = old else { return };
        for string in old.strings.all().iter().filter(|string| !new.has(&string.hash)) {
            let own = |(_, record): &(u64, Arc<Record>)| match record.as_ref() {
                Record::Grant(grant) => grant.id == old.id && record.has(&string.hash),
                Record::Grave(_) => false,
            };
            self.strings.remove(key(&string.hash), own);
        }
    }
}

fn is_token(record: &Record, id: Uuid) -> bool {
    matches!(record, Record::Grant(grant) if grant.id == id)
}
