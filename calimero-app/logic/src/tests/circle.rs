//! Several nodes that exchange signed deltas, as real ones do.
//!
//! The SDK's own harness, `converge_app`, cannot be used: it delivers deltas unsigned, and storage rejects unsigned changes of
//! owned entries, which here are all entries. So this one signs, with real keys, as a rc.4 node does after a call
//! (`sign_authorized_actions` of calimero-context), and delivers to [`Root::sync`], which is what a node runs on arrival.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use calimero_sdk::borsh;
use calimero_storage::action::Action;
use calimero_storage::collections::Root;
use calimero_storage::delta::StorageDelta;
use calimero_storage::entities::StorageType;
use calimero_storage::env::{self, RuntimeEnv};
use calimero_storage::interface::ApplyContext;
use calimero_storage::store::Key;
use ed25519_dalek::{Signer, SigningKey};

use crate::MedSync;

type Store = Rc<RefCell<HashMap<[u8; 32], Vec<u8>>>>;

/// A hospital's node.
pub(super) struct Node {
    key: SigningKey,
    store: Store,
}

/// Nodes of one context; the first is the keeper.
pub(super) struct Circle {
    nodes: Vec<Node>,
}

/// What a call sends to the other nodes.
#[derive(Clone)]
pub(super) struct Delta {
    pub(super) actions: Vec<Action>,
}

impl Circle {
    /// The keeper has opened the circle, all others have received its snapshot and are admitted.
    pub(super) fn new(nodes: usize) -> Self {
        env::reset_environment();
        calimero_sdk::event::register::<MedSync>();
        calimero_storage::register_crdt_merge_for_test::<MedSync>();
        let key = |number: usize| SigningKey::from_bytes(&[u8::try_from(number).expect("few nodes") + 1; 32]);
        let keeper = Node { key: key(0), store: Store::default() };
        keeper.run(|| {
            Root::new(|| {
                let mut app = MedSync::init("0xa".into(), "hospital".into());
                app.__assign_deterministic_ids();
                app
            })
            .commit();
        });
        let genesis = keeper.store.borrow().clone();
        let mut circle = Self { nodes: vec![keeper] };
        for number in 1..nodes {
            circle.nodes.push(Node { key: key(number), store: Rc::new(RefCell::new(genesis.clone())) });
        }
        for number in 1..nodes {
            let (executor, organisation) = (circle.executor_hex(number), format!("0xa{number}"));
            let (admitted, delta) =
                circle.call(0, |app| app.admit_member(executor, organisation, "hospital".into(), "AAAA".into()));
            assert_eq!(admitted, Ok(true));
            circle.deliver_to_others(0, &delta);
        }
        circle
    }

    pub(super) fn executor(&self, node: usize) -> [u8; 32] {
        self.nodes[node].executor()
    }

    pub(super) fn executor_hex(&self, node: usize) -> String {
        crate::ids::hex(&self.executor(node))
    }

    /// Calls the app on a node; gives its answer and what the node sends.
    pub(super) fn call<R>(&self, node: usize, call: impl FnOnce(&mut MedSync) -> R) -> (R, Delta) {
        self.call_pretending(node, node, call)
    }

    /// Calls the app on a node that pretends to be `victim`: a member can run what it likes. It signs with its own key, since it has no other.
    pub(super) fn call_pretending<R>(&self, node: usize, victim: usize, call: impl FnOnce(&mut MedSync) -> R) -> (R, Delta) {
        let executor = self.executor(victim);
        let (answer, artifact) = self.nodes[node].run_as(executor, || {
            let mut app = Root::<MedSync>::fetch().expect("the context is initialised");
            let answer = call(&mut app);
            app.commit();
            (answer, env::take_last_artifact().expect("a call of a changing method has an artifact"))
        });
        let StorageDelta::Actions(actions) = borsh::from_slice(&artifact).expect("a delta") else { panic!("no actions") };
        let mut delta = Delta { actions };
        delta.sign(&self.nodes[node].key);
        (answer, delta)
    }

    /// Replaces what a delta's owned entries hold by bytes that nothing can read, signed anew by their owner.
    pub(super) fn spoil(&self, node: usize, delta: &mut Delta) -> usize {
        let mut spoilt = 0;
        for action in &mut delta.actions {
            let Some(signature) = signature_of(action) else { continue };
            signature.signature = [0; 64];
            if let Action::Add { data, .. } | Action::Update { data, .. } = action {
                *data = vec![0xff; 7];
                spoilt += 1;
            }
        }
        delta.sign(&self.nodes[node].key);
        spoilt
    }

    /// Reads on a node.
    pub(super) fn view<R>(&self, node: usize, view: impl FnOnce(&MedSync) -> R) -> R {
        self.nodes[node].run(|| view(&Root::<MedSync>::fetch().expect("the context is initialised")))
    }

    /// Lets a delta arrive at a node; gives the hash of the state that it leads to.
    pub(super) fn deliver(&self, to: usize, delta: &Delta) -> [u8; 32] {
        let artifact = borsh::to_vec(&StorageDelta::Actions(delta.actions.clone())).expect("a delta");
        self.nodes[to].run(|| {
            Root::<MedSync>::sync(&artifact, &ApplyContext::empty()).expect("a delta never stops a node");
            env::root_hash().expect("a node that synchronised has a state")
        })
    }

    /// The hash of a node's whole shared state.
    fn state(&self, node: usize) -> [u8; 32] {
        self.nodes[node].run(|| {
            Root::<MedSync>::commit_headless();
            env::root_hash().expect("an initialised node has a state")
        })
    }

    pub(super) fn deliver_to_others(&self, from: usize, delta: &Delta) {
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            let _hash = self.deliver(to, delta);
        }
    }

    /// Lets all deltas (by author) arrive at all other nodes, at each in an order of its own, and gives the states they come to.
    pub(super) fn gossip(&self, deltas: &[(usize, Delta)], seed: u64) -> Vec<[u8; 32]> {
        let mut random = seed;
        (0..self.nodes.len())
            .map(|to| {
                let mut order: Vec<&(usize, Delta)> = deltas.iter().filter(|(author, _)| *author != to).collect();
                for last in (1..order.len()).rev() {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    order.swap(last, (random >> 33) as usize % (last + 1));
                }
                for (_, delta) in order {
                    let _hash = self.deliver(to, delta);
                }
                self.state(to)
            })
            .collect()
    }

    /// Whether a node's shared state holds these bytes anywhere.
    pub(super) fn holds(&self, node: usize, bytes: &[u8]) -> bool {
        self.nodes[node].store.borrow().values().any(|value| value.windows(bytes.len()).any(|window| window == bytes))
    }
}

impl Node {
    fn executor(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    fn run<R>(&self, run: impl FnOnce() -> R) -> R {
        self.run_as(self.executor(), run)
    }

    fn run_as<R>(&self, executor: [u8; 32], run: impl FnOnce() -> R) -> R {
        let (reader, writer, remover) = (Rc::clone(&self.store), Rc::clone(&self.store), Rc::clone(&self.store));
        let runtime = RuntimeEnv::new(
            Rc::new(move |key: &Key| reader.borrow().get(&key.to_bytes()).cloned()),
            Rc::new(move |key: Key, value: &[u8]| writer.borrow_mut().insert(key.to_bytes(), value.to_vec()).is_some()),
            Rc::new(move |key: &Key| remover.borrow_mut().remove(&key.to_bytes()).is_some()),
            // The storage of a process knows one context only: that of the first test in it.
            env::context_id(),
            executor,
        );
        env::with_runtime_env(runtime, run)
    }
}

impl Delta {
    /// Signs what waits for a signature.
    pub(super) fn sign(&mut self, key: &SigningKey) {
        for action in &mut self.actions {
            let nonce = match action {
                Action::Add { metadata, .. } | Action::Update { metadata, .. } => *metadata.updated_at,
                Action::DeleteRef { deleted_at, .. } => *deleted_at,
                Action::Compare { .. } => continue,
            };
            match signature_of(action) {
                Some(signature) if signature.signature == [0; 64] => signature.nonce = nonce,
                _ => continue,
            }
            let signed = key.sign(&action.payload_for_signing()).to_bytes();
            if let Some(signature) = signature_of(action) {
                signature.signature = signed;
            }
        }
    }

    /// Whether some of its actions bear bytes that must not be there.
    pub(super) fn holds(&self, bytes: &[u8]) -> bool {
        let delta = borsh::to_vec(&self.actions).expect("actions");
        delta.windows(bytes.len()).any(|window| window == bytes)
    }
}

fn signature_of(action: &mut Action) -> Option<&mut calimero_storage::entities::SignatureData> {
    let (Action::Add { metadata, .. } | Action::Update { metadata, .. } | Action::DeleteRef { metadata, .. }) = action else {
        return None;
    };
    match &mut metadata.storage_type {
        StorageType::User { signature_data, .. }
        | StorageType::Shared { signature_data, .. }
        | StorageType::SharedMember { signature_data, .. } => signature_data.as_mut(),
        _ => None,
    }
}
