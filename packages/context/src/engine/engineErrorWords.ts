/** What happened and what to do, for every code of an engine's failures. The app's own failures are named by their kind instead. */
export const engineErrorWords = {
  'context/application': { what: 'The app refused the call.', hint: 'Its kind says why; nothing was changed.' },
  'context/method-unknown': { what: 'The app has no such method.', hint: 'Compare the name with the ABI of the app that is installed.' },
  'context/argument': { what: 'The arguments do not fit the method.', hint: 'Compare them with the ABI; nothing was changed.' },
  'context/answer': {
    what: 'The app answered something that it does not promise.',
    hint: 'Compare the installed app with the one that this program was built for.',
  },
  'context/trap': { what: 'The app stopped in the middle of the call.', hint: 'Nothing was changed. This is a defect: report where.' },
  'context/limit': { what: 'The call went over a limit.', hint: 'Send less at once; nothing was changed.' },
  'context/timeout': { what: 'The call took too long and was ended.', hint: 'Nothing was changed. Ask for less, or raise the time limit.' },
  'context/not-initialised': { what: 'The circle has no state yet.', hint: 'Initialise it once, in the name of its keeper.' },
  'context/already-initialised': { what: 'The circle has a state already.', hint: 'Go on with it; it was left as it is.' },
  'context/unknown-member': { what: 'No member of that name is known here.', hint: 'Add the member to the engine, or correct the name.' },
  'context/storage-full': { what: 'There is no room left on the disk.', hint: 'Make room and send the call again; nothing was changed.' },
  'context/storage-failed': { what: 'The disk did not take what was written.', hint: 'Open the engine again; what was confirmed is kept.' },
  'context/storage-damaged': {
    what: 'The files of the engine are not what it wrote.',
    hint: 'If there is a store key, see first whether it is the right one. Else put back a copy of the whole folder; the files were not touched.',
  },
  'context/store-key': { what: 'The store key has not 32 bytes.', hint: 'Give 32 random bytes, and always the same for one folder.' },
  'context/storage-in-use': { what: 'Another process uses this folder.', hint: 'Stop it first, or take another folder.' },
  'context/unsupported-app': { what: 'This app cannot run here.', hint: 'Build it with calimero-sdk 0.11.0-rc.4.' },
  'context/bundle': { what: 'This bundle of the app cannot be trusted.', hint: 'Do not install it; take the one of the release.' },
  'context/node-address': {
    what: 'A Calimero node is spoken to on its own machine only.',
    hint: 'Give its address as http://127.0.0.1:PORT; nothing was sent.',
  },
  'context/node-away': {
    what: 'The Calimero node does not answer.',
    hint: 'See that it runs, then send the call again: what had taken effect already is not done twice.',
  },
  'context/node-refused': {
    what: 'The Calimero node does not take this password.',
    hint: 'Give the one that owns the node; it is in the node’s own folder.',
  },
  'context/node-not-ready': {
    what: 'The Calimero node is not ready for this circle.',
    hint: 'Try again in a moment. If it lasts, see that the node has joined and that another node of the circle is reachable.',
  },
  'context/node-failed': { what: 'The Calimero node reports a failure of its own.', hint: 'See its log, then try again.' },
  'context/invitation': { what: 'This invitation does not let anybody in.', hint: 'Ask for a new one; nothing was joined.' },
  'context/events-missed': {
    what: 'Events were missed: they came faster than they were read, or a node was out of hearing.',
    hint: 'Read the state, then subscribe again.',
  },
  'context/closed': { what: 'The engine was closed.', hint: 'Open it again.' },
} as const satisfies Record<string, { what: string; hint: string }>

/** Code of an engine's failure. */
export type EngineErrorCode = keyof typeof engineErrorWords
