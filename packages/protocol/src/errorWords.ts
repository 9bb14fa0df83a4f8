/** What happened, in words for people, and what to do next. */
export type Words = { readonly what: string; readonly hint: string; readonly status?: number }

const words = <T extends Record<string, Words>>(table: T): { readonly [K in keyof T]: Words } => table

/**
 * Every failure that a person can meet, in one table: contract errors by their own text, ours by code. `status` is the HTTP status of an answer.
 * A test fails when a contract or a code has no entry here.
 */
export const errorWords = words({
  // input
  'input/malformed-id': { what: 'That is not a valid id.', hint: 'Copy it again, whole, with its 0x.', status: 400 },
  'input/not-json': { what: 'The file or message is not JSON.', hint: 'Export it again as FHIR R4 JSON, plain or gzip.', status: 400 },
  'input/invalid': {
    what: 'Something in the request is not as it must be.',
    hint: 'Mend the field that is named, then send it again.',
    status: 400,
  },
  'input/not-found': { what: 'There is nothing here under that id.', hint: 'Go back and choose it from the list.', status: 404 },
  'input/too-large': { what: 'The request is too large.', hint: 'Send less at once.', status: 413 },
  'server/internal': {
    what: 'Something went wrong on our side.',
    hint: 'Nothing was released. Try again; if it stays, tell the operator the code of this answer.',
    status: 500,
  },
  'server/no-such-route': {
    what: 'There is no such page or call.',
    hint: 'Check the address; /api/openapi.json lists every call.',
    status: 404,
  },
  'server/stopping': { what: 'The gateway is shutting down.', hint: 'Try again in a moment.', status: 503 },
  'server/standby': {
    what: 'This gateway stands by while another one uses the database.',
    hint: 'Try again in a moment; it takes over by itself when the other one is gone.',
    status: 503,
  },
  'server/content-type': { what: 'That kind of content is not taken here.', hint: 'Send application/json.', status: 415 },
  'database/unreachable': {
    what: 'The database cannot be reached.',
    hint: 'Nothing was changed. Try again in a moment; it recovers by itself.',
    status: 503,
  },
  'database/in-use': {
    what: 'Another gateway is using this database folder.',
    hint: 'Stop the other one first, or give this one another DATABASE_DIR.',
    status: 500,
  },
  'database/lock-lost': {
    what: 'Another gateway has taken over the database.',
    hint: 'This one writes no more and ends; start it again and it stands by. Try again in a moment.',
    status: 503,
  },
  'database/no-session': {
    what: 'The connection to the database has no session of its own.',
    hint: 'Connect to Postgres itself, or through a pooler in session mode: the lock that keeps two gateways apart needs it.',
    status: 503,
  },
  'database/standby-ended': {
    what: 'The gateway was stopped while it stood by.',
    hint: 'Nothing was changed. Start it again when it is needed.',
    status: 503,
  },
  'database/other-key': {
    what: 'This database was sealed with another master key.',
    hint: 'Put the right master key file back. Nothing was changed.',
    status: 500,
  },
  'database/changed-migration': {
    what: 'A migration that already ran has changed.',
    hint: 'Put the old file back, and make the change in a new migration.',
    status: 500,
  },
  'database/unsafe-number': {
    what: 'A number in the database is too large.',
    hint: 'Tell the operator the code of this answer.',
    status: 500,
  },
  'database/nested': { what: 'A transaction was opened inside another one.', hint: 'Pass the outer one on.', status: 500 },
  'config/env': { what: 'The environment is not usable.', hint: 'Set what is named; .env.defaults shows working values.' },
  'config/context': {
    what: 'The file that names the private context’s nodes is not usable.',
    hint: 'Mend what is named, or write it again with `npm run node`.',
  },
  'config/tenants': { what: 'The tenants file is not usable.', hint: 'Mend what is named, or run `npm run reset` on a trial machine.' },
  'config/deployment': { what: 'The deployment file is not usable.', hint: 'Deploy the contracts, then start again.' },
  'config/master-key': {
    what: 'The master key file is not usable.',
    hint: 'Put the key back as 64 hex digits, readable by its owner only.',
  },
  'config/development-accounts': { what: 'The file of development accounts is not usable.', hint: 'Mend what is named, or leave it out.' },

  // records
  'record/not-a-bundle': {
    what: 'This is JSON, but not a FHIR R4 Bundle.',
    hint: 'Export the patient as a Bundle of type transaction, batch, collection, document or searchset.',
    status: 422,
  },
  'record/invalid-resource': {
    what: 'A resource in the Bundle is not valid FHIR R4.',
    hint: 'Mend the resource that is named, then upload the whole Bundle again. Nothing was kept.',
    status: 422,
  },
  'record/no-patient': { what: 'The Bundle has no Patient.', hint: 'Upload a Bundle with exactly one Patient.', status: 422 },
  'record/several-patients': { what: 'The Bundle has more than one Patient.', hint: 'Upload one Bundle for each patient.', status: 422 },
  'record/too-large': {
    what: 'The Bundle is larger than this gateway takes.',
    hint: 'Ask the operator to raise MAX_BUNDLE_BYTES. Do not split it: each upload replaces the whole record. Nothing was kept.',
    status: 413,
  },
  'record/too-many-resources': {
    what: 'The Bundle has more resources than this gateway takes.',
    hint: 'Ask the operator to raise MAX_BUNDLE_RESOURCES. Do not split it: each upload replaces the whole record. Nothing was kept.',
    status: 413,
  },
  'record/broken-gzip': {
    what: 'The gzip file is damaged or cut short.',
    hint: 'Compress and upload it again. Nothing was kept.',
    status: 400,
  },
  'record/other-hospital': {
    what: 'That record belongs to another hospital.',
    hint: 'Sign in as that hospital, or choose one of your own records.',
    status: 404,
  },
  'record/not-linked': {
    what: 'No patient account is linked to that record.',
    hint: 'Give the patient an enrolment code first.',
    status: 409,
  },
  'record/already-linked': {
    what: 'A patient account is already linked to that record.',
    hint: 'Nothing needs to be done. If the account is wrong, ask the hospital to end the link.',
    status: 409,
  },
  'record/damaged': {
    what: 'A stored record cannot be opened with its key.',
    hint: 'Restore the record from the hospital’s system. Nothing was released.',
    status: 500,
  },
  'upload/content-type': {
    what: 'That kind of file is not taken.',
    hint: 'Send application/fhir+json or application/json, plain or gzip.',
    status: 415,
  },
  'upload/busy': {
    what: 'Several uploads are being read already.',
    hint: 'Wait until one is done, then upload again. Nothing was kept.',
    status: 503,
  },
  'upload/interrupted': { what: 'The upload ended before the Bundle did.', hint: 'Upload it again. Nothing was kept.', status: 400 },
  'record/no-identifier': {
    what: 'The Patient has no identifier, so the record could not be found again.',
    hint: 'Give the Patient an identifier with system and value (such as the medical record number), then upload again.',
    status: 422,
  },
  'record/identity-differs': {
    what: 'A record with an identifier of this Patient is of a patient whose details differ.',
    hint: 'Compare both. If they are the same person, confirm it; otherwise correct the identifier in the source system. Nothing was stored.',
    status: 409,
  },
  'record/several-matches': {
    what: 'The identifiers of this Patient belong to more than one record.',
    hint: 'Correct the identifiers in the source system so that they name one patient, then upload again. Nothing was stored.',
    status: 409,
  },
  'record/confirmation-outdated': {
    what: 'That confirmation is not for this file and the record as it is now.',
    hint: 'Upload the file again without it, compare both patients again, then confirm. Nothing was stored.',
    status: 409,
  },
  'record/no-such-version': { what: 'The record has no such version.', hint: 'Choose one from its list of versions.', status: 404 },
  'record/version-changed': {
    what: 'The record has been changed since you opened it.',
    hint: 'Look at its versions again, then decide. Nothing was restored.',
    status: 409,
  },
  'record/version-is-current': {
    what: 'That is the current version of the record already.',
    hint: 'Choose an earlier version to restore.',
    status: 409,
  },
  'record/version-removed': {
    what: 'The content of that version is no longer stored.',
    hint: 'Choose a newer version, or upload the patient again from the source system.',
    status: 409,
  },
  'record/too-deep': {
    what: 'The Bundle is nested deeper than FHIR allows.',
    hint: 'Export it again from the source system. Nothing was kept.',
    status: 422,
  },
  'record/too-complex': {
    what: 'The Bundle has more elements, or longer texts or numbers, than this gateway takes.',
    hint: 'Export it again from the source system; a single resource may have 50,000 elements. Nothing was stored.',
    status: 413,
  },
  'record/repeated-name': {
    what: 'An object in the Bundle has the same property twice, so it is not clear which of the two holds.',
    hint: 'Export it again from the source system. Nothing was stored.',
    status: 422,
  },
  'record/unreadable-text': {
    what: 'A text in the Bundle has characters that are not valid Unicode text.',
    hint: 'Remove half surrogates and null characters in the source system, then upload again. Nothing was stored.',
    status: 422,
  },
  'record/nested-bundle': {
    what: 'An entry of the Bundle is a Bundle itself.',
    hint: 'Upload the inner Bundles one by one, each with the whole record of one patient. Nothing was stored.',
    status: 422,
  },
  'record/one-page': {
    what: 'This Bundle is one page of a search or a shortened export, not the whole record.',
    hint: 'A record is replaced as a whole. Export it with Patient/$everything (follow every “next” link and put all pages into one Bundle) or with Bulk Data $export, without _summary or _elements. Nothing was stored.',
    status: 422,
  },
  'record/versions-unordered': {
    what: 'The Bundle has two versions of one resource that differ, and neither version number nor time says which is later.',
    hint: 'Export only the current version, or set meta.versionId or meta.lastUpdated. Nothing was stored.',
    status: 422,
  },
  'record/unsupported-request': {
    what: 'An entry of the Bundle asks for a change that cannot be carried out here, such as PATCH.',
    hint: 'Send the whole resource with PUT or POST, or remove it with DELETE. Nothing was stored.',
    status: 422,
  },
  'upload/too-slow': {
    what: 'The upload arrived too slowly, or paused too long.',
    hint: 'Upload it again over a faster connection, or compress it with gzip. Nothing was stored.',
    status: 408,
  },
  'upload/time-limit': {
    what: 'Checking the Bundle took longer than an upload may take.',
    hint: 'Export it again from the source system. Do not split it: each upload replaces the whole record. Nothing was stored.',
    status: 422,
  },
  'upload/reader-ended': {
    what: 'The thread that was reading the upload ended unexpectedly.',
    hint: 'Upload it again; a new thread has been started. Nothing was stored.',
    status: 503,
  },

  // enrolment
  'enrolment/unknown-code': {
    what: 'That code is not valid.',
    hint: 'Check it letter by letter, or ask the hospital for a new one.',
    status: 404,
  },
  'enrolment/used': { what: 'That code was already used.', hint: 'Each code works once. Ask the hospital for a new one.', status: 409 },
  'enrolment/account-has-record': {
    what: 'Your account is already linked to another record at this hospital.',
    hint: 'Ask the hospital to end the old link first.',
    status: 409,
  },
  'enrolment/expired': { what: 'That code has expired.', hint: 'Ask the hospital for a new one.', status: 410 },
  'rate/too-many': { what: 'Too many requests in a short time.', hint: 'Wait a minute, then try again.', status: 429 },

  // sign-in
  'auth/required': { what: 'You are not signed in.', hint: 'Connect your wallet and sign in.', status: 401 },
  'auth/nonce-unknown': { what: 'This sign-in was not started here, or was already used.', hint: 'Start the sign-in again.', status: 401 },
  'auth/nonce-expired': { what: 'The sign-in took too long.', hint: 'Start the sign-in again and sign within five minutes.', status: 401 },
  'auth/bad-signature': {
    what: 'The signature does not belong to this account.',
    hint: 'Sign in with the account that is shown in your wallet.',
    status: 401,
  },
  'auth/account-not-deployed': {
    what: 'This account is not on the chain yet, so its signature cannot be checked.',
    hint: 'Make a first transaction with it in your wallet, then sign in again.',
    status: 401,
  },
  'auth/token-invalid': { what: 'Your session is not valid.', hint: 'Sign in again.', status: 401 },
  'auth/token-expired': { what: 'Your session has ended.', hint: 'Sign in again.', status: 401 },
  'auth/forbidden': { what: 'Your account may not do this.', hint: 'Sign in with an account of the right role.', status: 403 },
  'auth/other-gateway': {
    what: 'Your organisation is not served by this gateway.',
    hint: 'Open the address of your own organisation’s gateway.',
    status: 403,
  },
  'auth/other-origin': { what: 'The request came from another site.', hint: 'Open MedSync at its own address.', status: 403 },
  'auth/suspended': { what: 'Your organisation is suspended.', hint: 'Ask governance to reinstate it.', status: 403 },

  // consent
  'consent/no-purpose': { what: 'The consent names no purpose.', hint: 'Choose at least one purpose.', status: 400 },
  'consent/unknown-purpose': { what: 'That purpose is not in the PurposeOfUse tree.', hint: 'Choose one from the list.', status: 400 },
  'consent/no-category': { what: 'The consent covers no data.', hint: 'Choose at least one kind of data.', status: 400 },
  'consent/unknown-category': { what: 'That kind of data is not known.', hint: 'Choose one from the list.', status: 400 },
  'consent/expiry-in-past': { what: 'The consent would end in the past.', hint: 'Choose a day in the future.', status: 400 },
  'consent/ends-before-start': { what: 'The consent would end before it begins.', hint: 'Choose an end after the start.', status: 400 },
  'consent/empty-data-period': {
    what: 'The period of the data is empty.',
    hint: 'Choose an end after the start, or leave one open.',
    status: 400,
  },
  'consent/zero-salt': {
    what: 'A salt is zero and would hide nothing.',
    hint: 'Make the consent again; never reuse or edit salts.',
    status: 400,
  },
  'consent/malformed-nonce': { what: 'The nonce of a consent is not 16 bytes of hex.', hint: 'Make the consent again.', status: 400 },
  'consent/commitment-mismatch': {
    what: 'These terms and salts do not give that commitment.',
    hint: 'Make the consent again with the account that will grant it.',
    status: 400,
  },
  'consent/too-many-drafts': {
    what: 'You have prepared 300 consents in a day that you have not granted.',
    hint: 'Grant one of them, or prepare the next one tomorrow.',
    status: 429,
  },
  'consent/unknown-grantee': { what: 'No active organisation has that id.', hint: 'Choose an organisation from the list.', status: 400 },
  'consent/not-permitted': {
    what: 'No consent permits this.',
    hint: 'Ask the patient for a consent that covers it, then request again.',
    status: 403,
  },
  'wallet/empty-signature': { what: 'The wallet gave no signature.', hint: 'Unlock the wallet and sign again.' },
  'wallet/not-deterministic': {
    what: 'This wallet signs the same text differently each time, so it cannot bring your secret back.',
    hint: 'Use an account with a plain Stark key for MedSync.',
  },
  'log/place-taken': {
    what: 'Two patients of the batch have the same place in its tree, or one patient stands in it twice.',
    hint: 'Put one of them into another batch.',
  },
  'log/malformed-record': {
    what: 'A patient of the batch has no record, too many, or one that a batch cannot hold.',
    hint: 'Give each patient 1 to 64 records: accesses and refusals without a request, emergencies with their reason.',
  },
  'log/zero-salt': { what: 'A salt is zero and would hide nothing.', hint: 'Draw a fresh salt for each patient of a batch.' },
  'consent/bundle-size': { what: 'A bundle has 1 to 65,536 consents.', hint: 'Make another bundle for the rest.', status: 400 },
  'consent/bundle-member': {
    what: 'A consent stands in the bundle twice, is empty, or is not in it.',
    hint: 'Give each consent of the bundle once.',
    status: 400,
  },
  'log/incomplete': {
    what: 'The list of entries is not the one that the chain commits to.',
    hint: 'Reload. If it stays, an entry is being kept from you: keep this page and tell an auditor.',
  },

  // studies and requests
  'study/zero-price': { what: 'The price of an access is zero.', hint: 'Choose a price above zero.', status: 400 },
  'study/shares-over-whole': {
    what: 'The shares are more than the whole price.',
    hint: 'Keep hospital and pool together at 100 percent or less.',
    status: 400,
  },
  'study/details-mismatch': {
    what: 'This description is not the one that the study names on chain.',
    hint: 'Save the description again before you open the study.',
    status: 409,
  },
  'dispute/mismatch': {
    what: 'This text and salt do not give that statement.',
    hint: 'Write the dispute again; nothing was sent.',
    status: 400,
  },
  'request/mismatch': {
    what: 'The request on chain and its details do not belong together.',
    hint: 'Make the request again.',
    status: 409,
  },
  'request/other-requester': { what: 'Only the account that asked may do this.', hint: 'Sign in with that account.', status: 403 },
  'request/not-settled': {
    what: 'This request has not been answered with data.',
    hint: 'Wait for the hospital, or look at its state.',
    status: 409,
  },
  'request/no-key': {
    what: 'The account that asks has published no encryption key.',
    hint: 'Set the key in the research portal, then request again.',
    status: 409,
  },
  'request/parked': {
    what: 'The hospital’s gateway tried three times to answer this request and could not.',
    hint: 'The hospital’s staff look at it. If it is not answered in time it expires and the price goes back.',
    status: 503,
  },
  'request/not-parked': {
    what: 'This request does not wait for staff.',
    hint: 'Reload the list: it was answered, it expired, or somebody else has dealt with it.',
    status: 409,
  },
  'request/gateway-ended': {
    what: 'The gateway ended in the middle of the work on this request.',
    hint: 'Give the gateway more memory and try again, or refuse the request: its price then goes back to the study.',
  },
  'request/unexpected': {
    what: 'The work on this request failed for a reason that has no name.',
    hint: 'Tell the operator the number of the request: the gateway’s log has the cause. Then try again, or refuse it.',
  },
  'request/refused-by-staff': {
    what: 'The hospital’s staff refused this request: its gateway could not answer it.',
    hint: 'Nothing was released and the price went back. Ask the hospital, or ask for less.',
  },
  'release/too-large': {
    what: 'The data is too large to be released at once.',
    hint: 'Nothing was released and the price went back. Ask again for fewer categories or a shorter period.',
  },
  'release/destroyed': {
    what: 'The data is no longer there: the consent ended, or its time ran out.',
    hint: 'Ask the patient for a new consent, then request again.',
    status: 410,
  },

  // chain
  'chain/unreachable': {
    what: 'The chain cannot be reached, so nothing can be decided or released.',
    hint: 'Try again in a moment; it recovers by itself.',
    status: 503,
  },
  'chain/behind': { what: 'The gateway is still catching up with the chain.', hint: 'Try again in a moment.', status: 503 },
  'request/awaits-terms': {
    what: 'The consent is granted, and its terms have not reached the hospital yet.',
    hint: 'The hospital answers by itself when they have; the patient may file them again.',
    status: 503,
  },
  'context/unreachable': {
    what: 'The hospitals’ private context cannot be reached.',
    hint: 'Nothing was released. Try again in a moment; it recovers by itself.',
    status: 503,
  },
  'chain/unknown-event': { what: 'The chain told something that this version does not know.', hint: 'Update MedSync.', status: 502 },
  'chain/answer-too-large': {
    what: 'The chain answered with more than can be taken.',
    hint: 'Nothing changed. Look at the contract or account that was asked.',
    status: 502,
  },
  'chain/unknown-failure': {
    what: 'The transaction failed.',
    hint: 'Nothing changed. Look at the transaction, then try again.',
    status: 502,
  },
  'chain/rejected-by-user': {
    what: 'You declined in the wallet.',
    hint: 'Nothing changed. Press the button again when you want to go on.',
  },

  // the app of the private context, by the kind it fails with
  'app/NotAMember': {
    what: 'This node is not a member of the hospitals’ circle, or no longer.',
    hint: 'Ask the keeper of the circle to admit it.',
    status: 503,
  },
  'app/NotTheKeeper': { what: 'Only the keeper of the circle admits and removes members.', hint: 'Ask the hospital that keeps it.' },
  'app/KeeperStays': { what: 'The keeper cannot leave the circle that it keeps.', hint: 'Found a new circle, and invite the others.' },
  'app/UnknownMember': { what: 'There is no such member in the circle.', hint: 'Look at the list of members.', status: 404 },
  'app/TermsConflict': {
    what: 'Other terms are filed under this commitment.',
    hint: 'Grant the consent again; it gets a commitment of its own.',
    status: 409,
  },
  'app/CatalogueConflict': {
    what: 'This record is listed for another patient.',
    hint: 'Give the record of this patient its own id.',
    status: 409,
  },
  'app/UnknownRecord': { what: 'This hospital lists no such record.', hint: 'Look at the list of records.', status: 404 },
  'app/UnknownRound': {
    what: 'This round is not known here.',
    hint: 'Wait a moment: its opening may still be on its way. Then check its id.',
    status: 404,
  },
  'app/RoundConflict': { what: 'Another round was opened under this name.', hint: 'Choose a new name.', status: 409 },
  'app/RoundEnded': { what: 'The round has ended.', hint: 'Open a new one.', status: 409 },
  'app/DeadlinePassed': { what: 'The time of the round is over.', hint: 'Give it up, and open a new one.', status: 409 },
  'app/AlreadyContributed': {
    what: 'Something else was contributed to this step before.',
    hint: 'A contribution is final; open a new round to contribute another.',
    status: 409,
  },
  'app/NotAParty': {
    what: 'This hospital does not take part in the round.',
    hint: 'Ask whoever opens rounds to name it.',
    status: 403,
  },
  'app/NotTheOpener': { what: 'Only who opened a round may close it.', hint: 'Ask them, or give the round up.', status: 403 },
  'app/TooFewContributions': {
    what: 'Too few have contributed yet.',
    hint: 'Wait for the others, or give the round up.',
    status: 409,
  },
  'app/TooLarge': { what: 'Something is larger than the private context takes.', hint: 'Send less at once.', status: 413 },
  'app/BadInput': { what: 'Something is not as the private context takes it.', hint: 'Mend the field that is named.', status: 400 },
  'app/Occupied': {
    what: 'The places that this node needs are taken by entries that are not its own.',
    hint: 'A member of the circle is not honest: tell its keeper.',
    status: 409,
  },
  'app/Storage': {
    what: 'The private context could not store this.',
    hint: 'Try again; if it stays, look at the node’s log.',
    status: 503,
  },

  // urgency
  'urgency/not-a-vital': {
    what: 'A vital sign is not one that can be measured.',
    hint: 'Check value and unit, then measure again.',
    status: 400,
  },
  'urgency/two-patients': {
    what: 'The observations are of more than one patient.',
    hint: 'Score each patient alone. Nothing was scored.',
    status: 400,
  },
  'urgency/note-too-long': {
    what: 'A note was too long and was read only in part.',
    hint: 'Read the rest yourself, or split the note. The score is not lower for it.',
    status: 413,
  },
  'urgency/suggestion-unreadable': {
    what: 'The language model’s answer was not of the agreed form and was left out.',
    hint: 'Nothing needs to be done: the score stands without it.',
    status: 502,
  },
  'urgency/suggestion-not-in-notes': {
    what: 'The language model quoted words that are not in this case’s notes, so its answer was left out.',
    hint: 'Nothing needs to be done: the score stands without it.',
    status: 502,
  },
  'urgency/override-malformed': {
    what: 'The decision about the score is not as it must be.',
    hint: 'Give a whole number from 0 to 100, a reason, and who decides.',
    status: 400,
  },
  'urgency/override-unreasoned': {
    what: 'A score was changed without a reason.',
    hint: 'Say why in at least 10 letters: whoever comes next reads it.',
    status: 400,
  },
  'urgency/model-unreachable': {
    what: 'The language model could not be asked.',
    hint: 'Nothing needs to be done: the score stands without it. It is asked again later.',
    status: 502,
  },
  'urgency/model-late': {
    what: 'The language model did not answer in time.',
    hint: 'Nothing needs to be done: the score stands without it. It is asked again later.',
    status: 504,
  },
  'urgency/model-odd': {
    what: 'What answered in the language model’s place said nothing that can be read, or too much.',
    hint: 'Nothing needs to be done: the score stands without it. The operator may look at OLLAMA_URL and OLLAMA_MODEL.',
    status: 502,
  },

  // cases of a hospital
  'case/other-hospital': {
    what: 'There is no such case at your hospital.',
    hint: 'Choose one from the list of your own cases.',
    status: 404,
  },
  'case/lost': {
    what: 'The private context has lost what it kept of this case.',
    hint: 'Add the case again from its record, then end this one.',
    status: 410,
  },
  'case/ended': {
    what: 'This case is done.',
    hint: 'Nothing is added to it any more; open another one if the patient is back.',
    status: 409,
  },
  'case/already-waiting': {
    what: 'A case of this record already waits for that specialty.',
    hint: 'Go on with the case that is named.',
    status: 409,
  },
  'case/full': {
    what: 'The case has as many observations, notes or decisions as it takes.',
    hint: 'End it as done and add another one. Nothing of this was kept.',
    status: 409,
  },
  'case/times': {
    what: 'The arrival, or the time from which observations count, cannot be right.',
    hint: 'Give an arrival within the last 30 days, and let observations count from at most 30 days before it.',
    status: 400,
  },
  'case/invalid-observation': {
    what: 'An observation is not a valid FHIR R4 Observation.',
    hint: 'Mend the one that is named, then send all of them again. Nothing was kept.',
    status: 422,
  },
  'case/other-patient': {
    what: 'An observation is not about the patient of this case.',
    hint: 'Take it out, or give it the right subject. Nothing was kept.',
    status: 422,
  },
  'case/unusable-observation': {
    what: 'An observation could not count as it is.',
    hint: 'Mend value, unit (UCUM) or time of the one that is named, then send all of them again. Nothing was kept.',
    status: 422,
  },
  'case/note-too-long': {
    what: 'The note has more than 100,000 letters.',
    hint: 'Split it into several notes. Nothing was kept.',
    status: 413,
  },
  'case/score-changed': {
    what: 'The score has changed since you looked.',
    hint: 'Look at it again, then decide. Nothing was decided.',
    status: 409,
  },

  // rounds of shared secrets
  'rounds/unknown': { what: 'There is no such round of this hospital.', hint: 'Choose one from the list.', status: 404 },
  'rounds/ended': { what: 'The round has ended.', hint: 'Open a new one.', status: 409 },
  'rounds/too-few-hospitals': {
    what: 'Too few hospitals can take part in a round.',
    hint: 'At least three hospitals of the circle must be active and known to the chain.',
    status: 409,
  },
  'rounds/busy': {
    what: 'Another round of this kind is under way.',
    hint: 'Wait for its end, then ask again: answers are checked against all that came before.',
    status: 409,
  },
  'rounds/small-group': {
    what: 'The answer, with earlier ones, would tell of a group of fewer than 20 people.',
    hint: 'Ask for a larger cohort.',
    status: 409,
  },
  'rounds/other-range': {
    what: 'Earlier answers on this field have another range, other bins or other criteria; the difference would tell of few people.',
    hint: 'Ask with the ones that were used first.',
    status: 409,
  },
  'rounds/other-hospitals': {
    what: 'With earlier answers the difference would be the input of one or two hospitals.',
    hint: 'Ask when the same hospitals take part as before.',
    status: 409,
  },
  'rounds/missing': {
    what: 'A hospital did not contribute in time, and the round cannot go on without it.',
    hint: 'See that its gateway and node run, then open a new round.',
    status: 409,
  },
  'rounds/false-message': {
    what: 'A hospital sent what is no message of this step, or not what it announced.',
    hint: 'Nothing was opened. Tell the keeper of the circle, and ask that hospital to update MedSync.',
    status: 409,
  },
  'rounds/other-view': {
    what: 'The hospital that opened the round counted another message than was received here: it or the sender changed it.',
    hint: 'Nothing more was answered. Tell the keeper of the circle.',
    status: 409,
  },
  'rounds/disputed': {
    what: 'Hospitals say different things of a dealing; one of those named does not keep to the protocol.',
    hint: 'Nothing was opened. Somebody who works for none of them can look into the one message in dispute.',
    status: 409,
  },
  'rounds/false-dealing': {
    what: 'A hospital dealt what is no sharing of numbers or cases.',
    hint: 'Nothing was opened. Open a new round without it, and tell the keeper of the circle.',
    status: 409,
  },
  'rounds/unfit': {
    what: 'The round does not ask for what this hospital takes part in.',
    hint: 'Its opener must name active hospitals, a threshold that protects them, and sound parameters.',
    status: 409,
  },
  'rounds/not-proven': {
    what: 'Somebody joined in the name of a hospital without its key.',
    hint: 'Nothing was sent to it. Tell the keeper of the circle, who admitted it.',
    status: 409,
  },
  'rounds/other-memory': {
    what: 'A hospital remembers answers that the one that asked does not: it was away when they were given.',
    hint: 'Nothing was answered. It has been told of them now; ask again.',
    status: 409,
  },
  'rounds/memory-full': {
    what: 'So much was answered of this field that a further exact question cannot be checked against it all.',
    hint: 'Ask with noise, or of another field.',
    status: 409,
  },
  'rounds/other-rules': {
    what: 'The hospitals score urgency by different versions of the rules.',
    hint: 'Update MedSync at all hospitals; scores of different rules are not compared.',
    status: 409,
  },
  'rounds/not-confirmed': {
    what: 'The result that was stated is not what this hospital opened.',
    hint: 'Do not use it. Tell the keeper of the circle, and ask again.',
    status: 409,
  },
  'rounds/budget-spent': {
    what: 'What answers with noise may tell together within a year is spent, or too little of it is left for this question.',
    hint: 'Ask with more noise, ask for an exact answer, or wait until something of the budget comes back.',
    status: 409,
  },
  'rounds/given-up': { what: 'Somebody gave the round up.', hint: 'Open a new one when it is needed.', status: 409 },
  'sharing/impossible-round': {
    what: 'A round cannot be held like this.',
    hint: 'Name 2 to 12 different hospitals, and a threshold that they can reach; a ranking needs twice the threshold less one.',
    status: 400,
  },
  'sharing/not-in-round': {
    what: 'This hospital does not take part in the round.',
    hint: 'Check its id, or open a round with it.',
    status: 403,
  },
  'sharing/too-few': {
    what: 'Too few shares are there, so nothing can be opened.',
    hint: 'Wait for the hospitals that are missing, or open a new round without them.',
    status: 409,
  },
  'sharing/unknown-sender': {
    what: 'A share came from somebody who does not take part.',
    hint: 'It was left out; the round goes on without it.',
    status: 403,
  },
  'sharing/duplicate': {
    what: 'Two shares came from the same hospital.',
    hint: 'Take the first one; a contribution is final.',
    status: 409,
  },
  'sharing/wrong-length': {
    what: 'A vector of shares is longer or shorter than the others.',
    hint: 'Leave the hospital that is named out, and ask it to update MedSync.',
    status: 400,
  },
  'sharing/outside-field': {
    what: 'A share is not a number of the field.',
    hint: 'Leave the hospital that is named out; its message is damaged or forged.',
    status: 400,
  },
  'sharing/inconsistent': {
    what: 'The shares do not belong together: at least one is false, and these alone do not tell whose.',
    hint: 'Nothing was opened. Hold a checked round: it names who sends false shares.',
    status: 409,
  },
  'sharing/tampered': {
    what: 'A hospital sent false shares, and too few true ones are left.',
    hint: 'Nothing was opened. Tell the keeper of the circle, and open a new round without it.',
    status: 409,
  },
  'sharing/false-nonce': {
    what: 'A hospital showed another nonce than the one it committed to.',
    hint: 'Open a new round without it, and tell the keeper of the circle.',
    status: 409,
  },
  'sharing/too-many-cases': {
    what: 'This hospital has more waiting cases than the round has slots.',
    hint: 'Open a round with more slots for every hospital.',
    status: 409,
  },
  'sharing/score-out-of-range': { what: 'A score is not a whole number of the scale.', hint: 'Score the case again.', status: 400 },
  'sharing/impossible-rank': {
    what: 'The answers give what cannot be a rank, so one of them is false.',
    hint: 'Use none of these ranks. Open a new round.',
    status: 409,
  },
  'sharing/bad-question': {
    what: 'This question cannot be asked of shared numbers.',
    hint: 'Mend the part that is named: the range, the bins, the table or the cohort.',
    status: 400,
  },
  'sharing/number-out-of-range': {
    what: 'A number lies outside of what the question states.',
    hint: 'Nothing was counted. Leave such values out beforehand, or ask with a wider range.',
    status: 400,
  },
  'sharing/impossible-sums': {
    what: 'The opened sums cannot be those of any people.',
    hint: 'Use none of them: a hospital put in something false. Ask again.',
    status: 409,
  },

  // matching patients with studies
  'matching/not-a-group': {
    what: 'The criteria are not a FHIR Group that describes people.',
    hint: 'Give a Group of type person, actual false, with 1 to 50 characteristics.',
    status: 400,
  },
  'matching/criterion-unreadable': {
    what: 'A criterion cannot be read, so none was taken.',
    hint: 'Mend the characteristic that is named: its code, its value with a UCUM unit, or its time.',
    status: 400,
  },
  'matching/two-patients': {
    what: 'The resources are of more than one patient.',
    hint: 'Match each patient alone. Nothing was matched.',
    status: 400,
  },
  'matching/no-day': { what: 'The day to match on is none.', hint: 'Give it as 2026-11-21.', status: 400 },

  'trial/answered': { what: 'The invitation was answered before.', hint: 'Look at the list again.', status: 409 },
  'trial/study-over': { what: 'The study takes nobody any more.', hint: 'Choose another one.', status: 409 },
  'trial/no-details': {
    what: 'What the study needs is not described where your hospital is.',
    hint: 'Ask the research office what it needs, and give it a consent of your own making.',
    status: 409,
  },
  'trial/no-consent': {
    what: 'That consent does not stand on the chain.',
    hint: 'Grant it first; then the invitation is accepted.',
    status: 409,
  },

  // allocation of specialists
  'allocation/twice': {
    what: 'Two facilities, specialists or cases have the same id.',
    hint: 'Give each its own. Nothing was allocated.',
    status: 409,
  },
  'allocation/same-rank': {
    what: 'Two cases have the same rank.',
    hint: 'Rank all cases anew. Nothing was allocated.',
    status: 409,
  },
  'allocation/unknown-facility': {
    what: 'A specialist or case is at a facility that is not known.',
    hint: 'Add the facility first. Nothing was changed.',
    status: 409,
  },
  'allocation/hours-overlap': {
    what: 'Two hours of a specialist overlap.',
    hint: 'Mend the hours of the specialist that is named. Nothing was changed.',
    status: 400,
  },
  'allocation/facility-in-use': {
    what: 'Specialists or cases are still at this facility.',
    hint: 'Move or remove them first.',
    status: 409,
  },
  'allocation/too-many': {
    what: 'There are as many facilities or specialists as a hospital can have.',
    hint: 'Remove some that are no longer needed.',
    status: 409,
  },
  'allocation/offer-gone': {
    what: 'That place is no longer offered for this case.',
    hint: 'Look at the board again: another one may be.',
    status: 409,
  },
  'allocation/under-way': {
    what: 'An allocation is under way, so nothing can be changed that it was told of.',
    hint: 'Try again in a moment.',
    status: 409,
  },
  'allocation/accepted': { what: 'That place was accepted.', hint: 'Ask the hospital of the case to give it back.', status: 409 },
  'allocation/case-done': { what: 'The case is done.', hint: 'Open a new one.', status: 409 },
  'allocation/false-contribution': {
    what: 'A hospital told the others something that is no valid contribution.',
    hint: 'The allocation before stands. It is tried again without that hospital.',
    status: 409,
  },
  'allocation/other-result': {
    what: 'Whoever opened the allocation published another result than the contributions give.',
    hint: 'The allocation before stands. Tell the keeper of the circle.',
    status: 409,
  },
  'allocation/unknown-case': { what: 'No case has that pseudonym.', hint: 'Choose it from the list.', status: 404 },

  // contracts, by the text they fail with
  'Participants: not the owner': { what: 'Only governance may do this.', hint: 'Sign with the owner’s account.' },
  'Participants: not allowed': {
    what: 'Governance did not give this account the power to do this.',
    hint: 'Sign with an account that has it.',
  },
  'Participants: unknown power': { what: 'That power is not known.', hint: 'Choose admit, suspend, pause or arbitrate.' },
  'Participants: not planned': { what: 'No powers were planned for that account.', hint: 'Plan them first.' },
  'Participants: plan is stale': { what: 'The plan is too old.', hint: 'Plan the powers again; they count two days later.' },
  'Participants: too early': { what: 'The waiting time of two days is not over.', hint: 'Try again when it is.' },
  'Participants: no powers': { what: 'That account has no powers and awaits none.', hint: 'Nothing needs to be done.' },
  'Participants: not offered': {
    what: 'The ownership was not offered to this account.',
    hint: 'Sign with the account that it was offered to.',
  },
  'Participants: zero id': { what: 'The organisation has no id.', hint: 'Choose a short name.' },
  'Participants: zero address': { what: 'An address is zero.', hint: 'Give the account’s address.' },
  'Participants: zero name': { what: 'The organisation has no name.', hint: 'Give a name of at most 31 letters.' },
  'Participants: unknown role': { what: 'That role is not known.', hint: 'Choose hospital or research office.' },
  'Participants: already admitted': { what: 'That organisation is already admitted.', hint: 'Choose another id.' },
  'Participants: not admitted': { what: 'That organisation was never admitted.', hint: 'Admit it first.' },
  'Participants: operator taken': { what: 'That account already acts for an organisation.', hint: 'Use another account.' },
  'Participants: not an operator': { what: 'That account acts for no organisation.', hint: 'Ask governance to add it.' },
  'Participants: not active': { what: 'That organisation is not active.', hint: 'It must be reinstated first.' },
  'Participants: not suspended': { what: 'That organisation is not suspended.', hint: 'Nothing needs to be done.' },
  'Participants: zero key': { what: 'The encryption key is empty.', hint: 'Make the key again in the portal.' },

  'Consent: zero commitment': { what: 'The commitment is zero.', hint: 'Make the consent again.' },
  'Consent: already used': { what: 'This consent was granted before.', hint: 'Make a new one; an old consent is never overwritten.' },
  'Consent: not granted': { what: 'You granted no such consent.', hint: 'Sign with the account that granted it.' },
  'Consent: not active': { what: 'That consent has already ended.', hint: 'Nothing needs to be done.' },
  'Consent: zero salt': { what: 'A salt is zero and would hide nothing.', hint: 'Make the consent again.' },
  'Consent: zero address': { what: 'The patient’s address is zero.', hint: 'Connect a wallet.' },
  'Consent: unknown purpose': { what: 'That purpose is not in the PurposeOfUse tree.', hint: 'Choose one from the list.' },
  'Consent: path too long': { what: 'The proof of the consent’s bundle is too long.', hint: 'Take the proof that came with the bundle.' },
  'Consent: bad membership': { what: 'The place in the bundle does not fit its proof.', hint: 'Take the proof that came with the bundle.' },
  'Consent: not a guardian': { what: 'This account may not act for the patient.', hint: 'Ask the patient to name it as a guardian.' },
  'Consent: own guardian': { what: 'Nobody can be their own guardian.', hint: 'Choose another account.' },
  'Consent: bad guardian time': {
    what: 'A guardian’s time must end in the future, at most 20 years ahead.',
    hint: 'Choose another day; times are in seconds.',
  },
  'Consent: empty order': { what: 'The order changes nothing.', hint: 'Put at least one change into it.' },
  'Consent: order too large': { what: 'The order has more than 300 changes.', hint: 'Split it.' },
  'Consent: bad nonce': { what: 'The order was already carried out, or a later one was.', hint: 'Make and sign the order again.' },
  'Consent: order expired': { what: 'The order’s time is over.', hint: 'Make and sign the order again, and send it in time.' },
  'Consent: bad signature': {
    what: 'The signature does not belong to this order and account.',
    hint: 'Sign exactly this order with the account that is named as its signer.',
  },

  'Log: not a hospital': { what: 'Only an active hospital writes the access log.', hint: 'Sign with an operator of an active hospital.' },
  'Log: not the pool': { what: 'Only the reward pool may write for a hospital.', hint: 'Let the hospital settle or refuse its request.' },
  'Log: zero patient': { what: 'The entry names no patient.', hint: 'Give the patient’s account.' },
  'Log: zero digest': { what: 'The entry is empty.', hint: 'Give the digest of the entry.' },
  'Log: unknown kind': { what: 'That kind of entry is not known.', hint: 'Choose access or refusal.' },
  'Log: no emergency reason': { what: 'An emergency needs one of the emergency reasons.', hint: 'Choose one from the list.' },
  'Log: zero root': { what: 'The batch is empty.', hint: 'Give the root of its tree.' },
  'Log: zero statement': { what: 'The dispute says nothing.', hint: 'Give the hash of its statement.' },
  'Log: not in the log': { what: 'That entry does not stand in your log.', hint: 'Reload the list, then choose the entry again.' },
  'Log: already disputed': { what: 'This entry was already disputed.', hint: 'Look at the state of the dispute.' },
  'Log: not disputed': { what: 'Nobody disputed that entry.', hint: 'Choose an open dispute from the list.' },
  'Log: dispute ended': { what: 'This dispute has already ended.', hint: 'Nothing needs to be done.' },
  'Log: not an arbiter': { what: 'This account may not resolve disputes.', hint: 'Sign with an arbiter’s account.' },
  'Log: not the owner': { what: 'Only governance may do this.', hint: 'Sign with the owner’s account.' },
  'Log: pool already set': { what: 'The reward pool was already named.', hint: 'Nothing needs to be done.' },
  'Log: zero participants': { what: 'The participants contract’s address is zero.', hint: 'Deploy the participants first.' },
  'Log: zero pool': { what: 'The reward pool’s address is zero.', hint: 'Give its address.' },

  'Pool: not the office': {
    what: 'Only an operator of the study’s active research office may do this.',
    hint: 'Sign with an account of that office.',
  },
  'Pool: zero price': { what: 'The price of an access is zero.', hint: 'Choose a price above zero.' },
  'Pool: zero cap': { what: 'A study must pay for at least one access a patient.', hint: 'Choose a cap of one or more.' },
  'Pool: zero amount': { what: 'The amount is zero.', hint: 'Choose an amount above zero.' },
  'Pool: zero address': { what: 'An address is zero.', hint: 'Give the account’s address.' },
  'Pool: zero digest': { what: 'The request is empty.', hint: 'Make the request again.' },
  'Pool: shares over whole': {
    what: 'The shares are more than the whole price.',
    hint: 'Keep hospital and pool together at 100 percent or less.',
  },
  'Pool: unknown purpose': { what: 'That purpose is not in the PurposeOfUse tree.', hint: 'Choose one from the list.' },
  'Pool: deadline passed': { what: 'The study’s deadline has passed.', hint: 'Open a new study.' },
  'Pool: deadline too far': {
    what: 'The study’s deadline is more than five years ahead.',
    hint: 'Choose a nearer day; times are in seconds.',
  },
  'Pool: deadline ahead': { what: 'The study still runs.', hint: 'Take the rest back after its deadline.' },
  'Pool: bad answering time': { what: 'The time to answer must be between one minute and 90 days.', hint: 'Choose another time.' },
  'Pool: nothing received': { what: 'The token delivered nothing.', hint: 'Check the balance and the approval, then try again.' },
  'Pool: amount too large': { what: 'The amount is larger than the pool can hold.', hint: 'Choose a smaller amount.' },
  'Pool: unknown study': { what: 'There is no such study.', hint: 'Choose one from the list.' },
  'Pool: not the funder': { what: 'Only the account that funded the study may do this.', hint: 'Sign with that account.' },
  'Pool: not a hospital': { what: 'That is not an active hospital.', hint: 'Choose one from the list.' },
  'Pool: already requested': { what: 'This request was already made.', hint: 'Look for it in the list of requests.' },
  'Pool: not enough funds': {
    what: 'The study has too little money left for one more access.',
    hint: 'Top the study up, then request again.',
  },
  'Pool: cap reached': { what: 'The study has used up what it may pay to this patient.', hint: 'Ask for another patient.' },
  'Pool: unknown request': { what: 'There is no such request.', hint: 'Choose one from the list.' },
  'Pool: other request': {
    what: 'That number belongs to another request now.',
    hint: 'The chain was reorganised; look at the request again.',
  },
  'Pool: request not open': { what: 'The request was already answered or has expired.', hint: 'Look at its state.' },
  'Pool: request expired': {
    what: 'The time to answer this request is over.',
    hint: 'The price goes back to the study; ask the researcher to request again.',
  },
  'Pool: request not expired': { what: 'The hospital still has time to answer.', hint: 'Try again after the request’s time.' },
  'Pool: not the asked hospital': { what: 'Only the hospital that was asked may answer.', hint: 'Sign with an operator of that hospital.' },
  'Pool: consent not granted': { what: 'The patient never granted this consent.', hint: 'The request must be refused.' },
  'Pool: consent revoked': { what: 'The patient has revoked this consent.', hint: 'The request must be refused.' },
  'Pool: consent replaced': {
    what: 'The patient has replaced this consent.',
    hint: 'The request must be refused, or answered under the new consent.',
  },
  'Pool: consent not yet valid': { what: 'The consent is not valid yet.', hint: 'Answer when it is, or refuse.' },
  'Pool: consent expired': { what: 'The consent has expired.', hint: 'The request must be refused.' },
  'Pool: other grantee': { what: 'The consent is for another organisation.', hint: 'The request must be refused.' },
  'Pool: other purpose': { what: 'The consent does not cover the study’s purpose.', hint: 'The request must be refused.' },
  'Pool: nothing owed': { what: 'There is nothing to collect.', hint: 'Come back after the next access.' },
  'Pool: nothing left': { what: 'The study has no money left to take back.', hint: 'Nothing needs to be done.' },
  'Pool: token misbehaved': {
    what: 'The token did not move the exact amount.',
    hint: 'Nothing was booked. The study’s token is at fault; ask its issuer.',
  },
  'Pool: token call failed': { what: 'The token refused to move the money.', hint: 'Check balance and approval, then try again.' },
  'Pool: not an operator': { what: 'This account acts for no organisation.', hint: 'Sign with an operator’s account.' },
  'Pool: not the owner': { what: 'Only governance may do this.', hint: 'Sign with the owner’s account.' },
  'Pool: busy': { what: 'The pool is in the middle of another payment.', hint: 'A token tried to call back. Nothing was booked.' },
  'Pool: paused': {
    what: 'The pool is paused: nothing new is opened or settled.',
    hint: 'Try again later. What was earned can still be collected.',
  },
  'Pool: not paused': { what: 'The pool is not paused.', hint: 'Nothing needs to be done.' },
  'Pool: not a pauser': { what: 'This account may not pause the pool.', hint: 'Sign with an account that has the power.' },
  'Pool: not the log': { what: 'Only the access log tells the pool of disputes.', hint: 'Dispute the entry in the access log.' },
  'Pool: cap too large': { what: 'The cap for one patient is larger than 1,048,575.', hint: 'Choose a smaller one.' },
  'Pool: cohort too large': { what: 'The smallest cohort is larger than 1,048,575.', hint: 'Choose a smaller one.' },
  'Pool: cohort too small': {
    what: 'The study has not asked as many different patients yet as it promised.',
    hint: 'Answer when more patients are asked, or refuse.',
  },
  'Pool: bond not covered': {
    what: 'Less arrived than the bond and a first deposit need.',
    hint: 'Check balance, approval and the token’s fees.',
  },
  'Pool: study closed': { what: 'The study is closed.', hint: 'Open a new study.' },
  'Pool: study not closed': { what: 'The study is not closed yet.', hint: 'Close it first, once its time has come.' },
  'Pool: too early to close': {
    what: 'Patients still have time to dispute accesses of this study.',
    hint: 'Close it when their time is over.',
  },
  'Pool: requests open': {
    what: 'The study has requests without an answer.',
    hint: 'Let them be answered, or expire them, then close it.',
  },
  'Pool: disputes open': { what: 'The study has disputes that have not ended.', hint: 'Close it when they are resolved.' },
  'Pool: not harmed': { what: 'No upheld dispute of this request waits for its part of the bond.', hint: 'Nothing needs to be done.' },
  'Pool: no tokens': { what: 'No token was named.', hint: 'Name at least one token.' },
  'Pool: too many tokens': { what: 'More than 50 tokens were named.', hint: 'Collect in several calls.' },

  'Packing: value too large': { what: 'A number is larger than a contract keeps.', hint: 'Choose a smaller one.' },

  'Upgrade: not the governor': { what: 'Only governance may do this.', hint: 'Sign with the owner’s account.' },
  'Upgrade: zero class': { what: 'The class of the new code is zero.', hint: 'Give the hash of a declared class.' },
  'Upgrade: not planned': { what: 'No such upgrade is planned.', hint: 'Plan it first.' },
  'Upgrade: too early': { what: 'The waiting time of two days is not over.', hint: 'Try again when it is.' },
  'Upgrade: plan is stale': { what: 'The plan is too old.', hint: 'Plan the upgrade again.' },
})

/** A code of the table. */
export type ErrorCode = keyof typeof errorWords

/** Whether a text is a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorWords, code)
}
