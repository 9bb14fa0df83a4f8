//! From config.toml to all that a node is started with.

use calimero_blobstore::config::BlobStoreConfig;
use calimero_config::{ConfigFile, NetworkConfig as Sections, CONFIG_FILE};
use calimero_network_primitives::config::NetworkConfig;
use calimero_node::sync::SyncConfig;
use calimero_node::{NodeConfig, SpecializedNodeConfig};
use calimero_server::config::{AuthMode, ServerConfig};
use calimero_store::config::StoreConfig;
use camino::Utf8Path;
use eyre::{eyre, Result, WrapErr};
use mero_auth::config::StorageConfig;

use crate::fault::Fault;

const STORE_KEY_BYTES: usize = 32;

/// Reads `home/config.toml`; refuses one that would serve the API to more than this machine, or without a token.
pub async fn node_config(home: &Utf8Path, store_key: Option<String>) -> Result<NodeConfig> {
    let path = home.join(CONFIG_FILE);
    let text = tokio::fs::read_to_string(&path).await.wrap_err_with(|| format!("{path} cannot be read"))?;
    if !text.lines().any(|line| line.trim() == "[identity]") {
        return Err(Fault::NoIdentity.into());
    }
    // Only the message: the parser's full text quotes the line, and a line of this file holds the node's key.
    let config: ConfigFile =
        toml::from_str(&text).map_err(|error| eyre!("{path} is not a node's configuration: {}", error.message()))?;
    let identity = config.identity.keypair;
    let Sections { swarm, server, bootstrap, discovery, specialized_node, .. } = config.network;
    refuse_open(&server)?;

    let mut auth = server.embedded_auth.unwrap_or_else(mero_auth::embedded::default_config);
    if let StorageConfig::RocksDB { path } = &mut auth.storage {
        // An absolute path stays what it is.
        *path = home.as_std_path().join(&*path);
    }
    Ok(NodeConfig {
        home: home.to_owned(),
        identity: identity.clone(),
        network: NetworkConfig::new(identity.clone(), swarm, bootstrap, discovery),
        sync: SyncConfig {
            timeout: config.sync.timeout,
            session_deadline: config.sync.session_deadline,
            interval: config.sync.interval,
            frequency: config.sync.frequency,
            ..SyncConfig::default()
        },
        datastore: match store_key {
            Some(key) => StoreConfig::with_encryption(home.join(config.datastore.path), parsed(&key)?),
            None => StoreConfig::new(home.join(config.datastore.path)),
        },
        blobstore: BlobStoreConfig::new(home.join(config.blobstore.path)),
        context: config.context,
        server: ServerConfig::with_auth(
            server.listen,
            identity,
            server.admin,
            server.jsonrpc,
            server.websocket,
            server.sse,
            AuthMode::Embedded,
            Some(auth),
        ),
        gc_interval_secs: None,
        dag_compaction: config.dag_compaction,
        mode: config.mode,
        specialized_node: SpecializedNodeConfig { invite_topic: specialized_node.invite_topic, accept_mock_tee: false },
        vm_limits: config.runtime.vm_limits(),
    })
}

fn refuse_open(server: &calimero_config::ServerConfig) -> Result<(), Fault> {
    for address in server.listen.iter().map(ToString::to_string) {
        if !address.starts_with("/ip4/127.") && !address.starts_with("/ip6/::1/") {
            return Err(Fault::NotLoopback(address));
        }
    }
    if matches!(server.auth_mode, AuthMode::Embedded) {
        Ok(())
    } else {
        Err(Fault::NoTokens)
    }
}

fn parsed(key: &str) -> Result<Vec<u8>, Fault> {
    hex::decode(key.trim()).ok().filter(|bytes| bytes.len() == STORE_KEY_BYTES).ok_or(Fault::StoreKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_key_has_32_bytes() {
        assert_eq!(parsed(&"ab".repeat(32)).unwrap(), vec![0xab; 32]);
    }

    #[test]
    fn error_a_store_key_that_is_none() {
        for key in ["", "abcd", &"zz".repeat(32)] {
            assert!(matches!(parsed(key), Err(Fault::StoreKey)));
        }
    }
}
