//! `calimero-node HOME`: one hospital's Calimero node, put together from Calimero's published crates, until it is told to stop.
//!
//! - `HOME/config.toml` says who it is and where it listens; `scripts/nodes` writes it. Its API is served on the loopback address
//!   only and asks for a token; a configuration that says otherwise is refused.
//! - `NODE_STORE_KEY` (environment; 32 bytes in hex) encrypts the values it stores; the same key is needed ever after.
//! - `RUST_LOG` says how much it logs, `warn` by default; what calls carry is never logged, at no level.
//! - SIGTERM and SIGINT end it with its database closed and exit code 0.

mod arguments;
mod assemble;
mod fault;
mod log;

use std::process::ExitCode;
use std::time::Duration;

use arguments::{Request, USAGE, VERSION};
use camino::Utf8Path;
use eyre::Result;
use fault::Fault;

/// Within this time what runs must have ended after a signal; the starter's patience is five seconds.
const STOPS_WITHIN: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    match arguments::request(std::env::args().skip(1)) {
        Ok(Request::Version) => tell(VERSION),
        Ok(Request::Usage) => tell(USAGE),
        Ok(Request::Run(home)) => match run(&home) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&format!("{error:#}")),
        },
        Err(fault) => fail(&format!("{fault}\n\n{USAGE}")),
    }
}

/// Runs the node on a runtime of its own until it fails or is told to stop.
fn run(home: &Utf8Path) -> Result<()> {
    log::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let end = runtime.block_on(async {
        calimero_utils_actix::init_global_runtime()?;
        let config = assemble::node_config(home, std::env::var("NODE_STORE_KEY").ok()).await?;
        tokio::select! {
            end = calimero_node::start(config) => end.and(Err(Fault::Ended.into())),
            asked = told_to_stop() => asked,
        }
    });
    // Ending the runtime ends the server and the actors, and with the last of them the database is closed.
    runtime.shutdown_timeout(STOPS_WITHIN);
    end
}

#[cfg(unix)]
async fn told_to_stop() -> Result<()> {
    use tokio::signal::unix::{signal, SignalKind};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}

fn tell(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

fn fail(text: &str) -> ExitCode {
    eprintln!("error: {text}");
    ExitCode::FAILURE
}
