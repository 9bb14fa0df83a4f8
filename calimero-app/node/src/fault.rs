//! What can be wrong with how the node is started: each with what to do.

use std::fmt;

/// A reason not to start, or to have ended.
#[derive(Debug)]
pub enum Fault {
    /// Not exactly one folder.
    Arguments,
    /// `NODE_STORE_KEY` is no key.
    StoreKey,
    /// The API would be reachable from other machines.
    NotLoopback(String),
    /// The API would ask nobody for a token.
    NoTokens,
    /// No `[identity]` in config.toml.
    NoIdentity,
    /// The node ended although nobody asked it to.
    Ended,
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments => write!(to, "exactly one folder is needed."),
            Self::StoreKey => write!(to, "NODE_STORE_KEY is not 64 hex digits. Give the key that the folder's data were written with."),
            Self::NotLoopback(address) => write!(
                to,
                "[server] listens on {address}. Its sign-in is not made for other machines: use /ip4/127.0.0.1/tcp/PORT and put the gateway in front."
            ),
            Self::NoTokens => write!(to, "auth_mode is not \"embedded\": every process of this machine could call the node. Set it in [server]."),
            Self::NoIdentity => write!(to, "config.toml has no [identity]. `npm run node -- HOME` makes a folder with one."),
            Self::Ended => write!(to, "the node ended by itself. The lines above may say why."),
        }
    }
}

impl std::error::Error for Fault {}
