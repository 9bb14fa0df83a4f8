import type { Words } from '@medsync/protocol'

/** Failures that only a browser can meet; the rest have their words in the protocol's `errorWords`. */
export const portalWords = {
  'portal/offline': { what: 'MedSync cannot be reached.', hint: 'Check your connection. This page tries again by itself.' },
  'portal/bad-answer': {
    what: 'The gateway answered in a way this page does not know.',
    hint: 'Reload the page. If it stays, gateway and portal are of different versions.',
  },
  'portal/signed-in-elsewhere': {
    what: 'Another account signed in from this browser.',
    hint: 'Sign in again here to go on with yours.',
  },
  'portal/other-origin': {
    what: 'This page is open under another address than its gateway signs for.',
    hint: 'Open MedSync under the address in brackets, then sign in there.',
  },
  'wallet/none': { what: 'No wallet is connected.', hint: 'Connect the wallet that you signed in with.' },
  'wallet/other-account': {
    what: 'Your wallet shows another account than the one you signed in with.',
    hint: 'Switch the account in your wallet, or sign out and sign in with the other one.',
  },
  'wallet/wrong-network': {
    what: 'Your wallet is on another network.',
    hint: 'Switch the wallet to the network that is named at the foot of this page, then try again.',
  },
  'wallet/no-development-key': {
    what: 'The local network does not know this development account.',
    hint: 'Is the local chain running, and is this account one of its own? Choose another account from the list.',
  },
  'wallet/failed': { what: 'The wallet could not do that.', hint: 'Unlock the wallet and try again.' },
  'release/wrong-hash': {
    what: 'The data that arrived is not the data that the hospital sealed.',
    hint: 'Do not use it. Fetch it again; if it stays, tell the hospital.',
  },
  'release/cannot-open': {
    what: 'The data cannot be opened with your key.',
    hint: 'It was sealed to another key. Use the account that made the request; if the key was changed since, request again.',
  },
  'release/not-fhir': { what: 'What was opened is not a FHIR Bundle.', hint: 'Fetch it again; if it stays, tell the hospital.' },
  'upload/interrupted': { what: 'The upload was interrupted.', hint: 'Nothing was kept. Try this file again.' },
} as const satisfies Record<string, Words>

export type PortalCode = keyof typeof portalWords
