import type { PeerIdentity } from './peerIdentity.ts'

/** What a node's config.toml says; the rest of it is the same for every node. */
export interface NodeSettings {
  /** Of the API, loopback only. */
  serverPort: number
  /** Of the network of nodes. */
  swarmPort: number
  /** Address that other nodes reach this one at (IPv4); loopback unless the hospitals share a private network. */
  swarmHost: string
  /** Nodes to begin with: `/ip4/127.0.0.1/tcp/2428/p2p/12D3Koo…`. */
  bootstrap: readonly string[]
  identity: PeerIdentity
}

/** Where other nodes find this one. */
export function peerAddressOf({ swarmHost, swarmPort, identity }: NodeSettings): string {
  return `/ip4/${swarmHost}/tcp/${swarmPort}/p2p/${identity.peerId}`
}

/**
 * The text of config.toml. The API asks for a token and listens on the loopback address only; nothing looks for nodes beyond those named,
 * neither on the local network nor at Calimero's public ones.
 */
export function nodeConfig(settings: NodeSettings): string {
  const { serverPort, swarmPort, swarmHost, bootstrap, identity } = settings
  return `# Written anew at each start, from node.json beside it.
mode = "standard"

[identity]
peer_id = ${JSON.stringify(identity.peerId)}
keypair = ${JSON.stringify(identity.keypair)}

[swarm]
listen = ["/ip4/${swarmHost}/tcp/${swarmPort}"]

[server]
listen = ["/ip4/127.0.0.1/tcp/${serverPort}"]
auth_mode = "embedded"
[server.admin]
enabled = true
[server.jsonrpc]
enabled = true
[server.websocket]
enabled = true
[server.sse]
enabled = false

[bootstrap]
nodes = ${JSON.stringify(bootstrap)}

[discovery]
mdns = false
advertise_address = false
[discovery.rendezvous]
namespace = "/medsync"
discovery_rpm = 0.5
discovery_interval = { secs = 15, nanos = 0 }
registrations_limit = 3
[discovery.relay]
registrations_limit = 3
[discovery.autonat]
max_candidates = 5
probe_interval = { secs = 10, nanos = 0 }

[sync]
timeout_ms = 30000
interval_ms = 5000
frequency_ms = 10000

[datastore]
path = "data"
[blobstore]
path = "blobs"
[context.config.signer.self]
`
}
