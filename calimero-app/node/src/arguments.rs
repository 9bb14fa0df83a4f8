//! What the command line asks for.

use camino::Utf8PathBuf;

use crate::fault::Fault;

/// The answer to `--version`; its second word is the version of the Calimero crates, which decides who understands whom.
pub const VERSION: &str = concat!("calimero-node 0.11.0-rc.4 (medsync ", env!("CARGO_PKG_VERSION"), ")");

/// The answer to `--help`.
pub const USAGE: &str = "usage: calimero-node HOME
       calimero-node --version

Runs the Calimero node whose folder is HOME until SIGTERM or Ctrl-C. `npm run node -- HOME` makes such a folder and starts the node.
Environment: NODE_STORE_KEY (32 bytes in hex) encrypts what is stored; RUST_LOG (default: warn).";

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    Version,
    Usage,
    /// Run the node of this folder.
    Run(Utf8PathBuf),
}

/// Reads the arguments, the program's own name left out.
pub fn request(mut arguments: impl Iterator<Item = String>) -> Result<Request, Fault> {
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--version" | "-V"), None) => Ok(Request::Version),
        (Some("--help" | "-h"), None) => Ok(Request::Usage),
        (Some(home), None) if !home.is_empty() && !home.starts_with('-') => Ok(Request::Run(home.into())),
        _ => Err(Fault::Arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Result<Request, Fault> {
        request(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn a_folder_is_run() {
        assert_eq!(of(&["/var/node"]).unwrap(), Request::Run("/var/node".into()));
    }

    #[test]
    fn error_no_folder_two_or_an_unknown_flag() {
        for arguments in [&[][..], &["a", "b"], &["--verbose"], &[""]] {
            assert!(matches!(of(arguments), Err(Fault::Arguments)), "{arguments:?}");
        }
    }
}
