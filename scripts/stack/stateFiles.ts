import { join } from 'node:path'

/** Everything in the state folder, by what it is. */
export interface StateFiles {
  folder: string
  /** Says that the folder was set up to its end, and from which contracts. Written last. */
  state: string
  lock: string
  chain: string
  deployment: string
  /** Organisations and operator keys, mode 600. */
  tenants: string
  developmentAccounts: string
  /** Opens the database's contents, mode 600; the gateway makes it. */
  masterKey: string
  database: string
  /** Hospitals that were added to those that the local network starts with. */
  organisations: string
  /** The embedded engine's. */
  context: string
  /** The Calimero nodes', a folder each. */
  nodes: string
  /** Where the nodes' circle is, and who has joined. */
  circle: string
  /** What the gateway reads of the nodes, mode 600. */
  contextNodes: string
  logs: string
}

/** The places in a state folder. */
export function stateFiles(folder: string): StateFiles {
  return {
    folder,
    state: join(folder, 'state.json'),
    lock: join(folder, 'lock'),
    chain: join(folder, 'chain'),
    deployment: join(folder, 'deployment.json'),
    tenants: join(folder, 'tenants.json'),
    developmentAccounts: join(folder, 'development-accounts.json'),
    masterKey: join(folder, 'master.key'),
    database: join(folder, 'database'),
    organisations: join(folder, 'organisations.json'),
    context: join(folder, 'context'),
    nodes: join(folder, 'nodes'),
    circle: join(folder, 'circle.json'),
    contextNodes: join(folder, 'context-nodes.json'),
    logs: join(folder, 'logs'),
  }
}
