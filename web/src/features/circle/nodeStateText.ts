import type { NetworkNode } from '@medsync/protocol'
import type { StatusTone } from '../../ui/StatusPill.tsx'

/** How a node is: tone, a word, what it means, and what staff can do; null when there is nothing to do. */
export type NodeStateText = {
  readonly tone: StatusTone
  readonly words: string
  readonly meaning: string
  readonly advice: string | null
}

const TEXTS: Readonly<Record<NetworkNode['state'], NodeStateText>> = {
  'in-step': { tone: 'good', words: 'In step', meaning: 'It has the same shared data as the other nodes.', advice: null },
  starting: {
    tone: 'waiting',
    words: 'Starting',
    meaning: 'Its shared data has not been compared with another node yet. That takes some seconds.',
    advice: null,
  },
  synchronising: {
    tone: 'waiting',
    words: 'Being synchronised',
    meaning:
      'Its shared data differs from that of the other nodes. The gateway is repairing it. A request whose terms have not arrived waits.',
    advice: null,
  },
  apart: {
    tone: 'bad',
    words: 'Apart',
    meaning: 'Its shared data still differs from that of the other nodes. A request whose terms have not arrived waits.',
    advice:
      'The gateway goes on trying. Restart the node (npm run node). If it stays apart, ask the other hospitals whether their nodes are in step, and read the node’s log for “DIVERGENCE”.',
  },
  waiting: {
    tone: 'waiting',
    words: 'Waiting for the shared data',
    meaning: 'It has joined but has not received the shared data yet.',
    advice:
      'See that another hospital’s node is running and can be reached, and that the administrator of the network has let this node in.',
  },
  alone: {
    tone: 'waiting',
    words: 'Not connected',
    meaning: 'It is connected to no other node, so nothing new is sent or received. What it has can be used.',
    advice: 'If there are other members, see that their nodes run and that this node may connect to them (firewall, address, --peer).',
  },
  'not-answering': {
    tone: 'bad',
    words: 'Not answering',
    meaning: 'It runs, and answers no calls. Nothing is filed, decided or released through it until it does.',
    advice:
      'A node started by npm run node restarts itself within half a minute. Restart any other one; nothing that was confirmed is lost.',
  },
  away: {
    tone: 'bad',
    words: 'Not running',
    meaning: 'It cannot be reached. Nothing is filed, decided or released through it until it is back.',
    advice: 'Start it: npm run node, with its folder.',
  },
}

/** What the gateway did last about a difference. */
const REPAIRS: Readonly<Record<NonNullable<NetworkNode['repair']>['step'], string>> = {
  compare: 'The gateway asked it to compare its data with another node again',
  'replace-copy': 'The gateway had its copy of the shared data replaced by another node’s; records and cases on it stay as they are',
  'file-again': 'After its copy was replaced, the gateway is filing this hospital’s own entries again',
}

/** Words for the state of a node. */
export function nodeStateText({ state }: Pick<NetworkNode, 'state'>): NodeStateText {
  return TEXTS[state]
}

/** Words for the last repair, without a full stop: the time follows. */
export function repairText({ step }: NonNullable<NetworkNode['repair']>): string {
  return REPAIRS[step]
}
