//! What is logged: never what calls carry.

use eyre::{Result, WrapErr};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry, EnvFilter, Layer};

const DEFAULT: &str = "warn";

/// Modules that write arguments, results or an app's panic message (which quotes arguments) into their lines, some even as errors.
const TELLTALES: [&str; 7] = [
    "calimero_server::execute",
    "calimero_server::jsonrpc",
    "calimero_server::sse",
    "calimero_server::ws",
    "calimero_context::handlers::execute",
    "calimero_runtime",
    "runtime",
];

/// Starts logging to standard output, as much of it as `RUST_LOG` says.
pub fn start() -> Result<()> {
    let directives = std::env::var("RUST_LOG").unwrap_or_else(|_| DEFAULT.to_owned());
    let filter = EnvFilter::builder().parse(directives).wrap_err("RUST_LOG is not understood")?;
    let discreet = filter_fn(|metadata| !is_telltale(metadata.target()));
    registry().with(filter).with(fmt::layer().with_ansi(false).with_filter(discreet)).init();
    Ok(())
}

fn is_telltale(target: &str) -> bool {
    TELLTALES.iter().any(|module| target.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
}

#[cfg(test)]
mod tests {
    use super::is_telltale;

    #[test]
    fn modules_that_see_arguments_are_silent_with_all_below_them() {
        assert!(is_telltale("calimero_server::jsonrpc::execute"));
        assert!(is_telltale("runtime::host::storage"));
    }

    #[test]
    fn others_are_heard() {
        assert!(!is_telltale("calimero_network::behaviour"));
        assert!(!is_telltale("calimero_runtime_else"));
    }
}
