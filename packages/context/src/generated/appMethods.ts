// Made from calimero-app by `npm run codegen`; not to be edited.
import { z } from 'zod'

const u32 = z.number().int().min(0).max(4_294_967_295)
// Whole, but not checked to be: a member may claim a number beyond what JavaScript counts exactly, and its entry must not spoil the others.
const u64 = z.number().min(0)
// Longer than any list that the app keeps. Another hospital may write a longer one into the shared state: the rest of it is left out, and the
// list must not spoil the others.
const MOST_ITEMS = 10_000
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((items) => (Array.isArray(items) ? items.slice(0, MOST_ITEMS) : items), z.array(item).max(MOST_ITEMS))

/** Parses `MemberView` of calimero-app/logic, which says what its fields are. */
export const memberViewSchema = z.object({
  executor: z.string(),
  organisation: z.string(),
  kind: z.string(),
  encryption_key_base64: z.string(),
  is_active: z.boolean(),
  is_keeper: z.boolean(),
})

/** `MemberView` of calimero-app/logic, which says what its fields are. */
export type MemberView = z.output<typeof memberViewSchema>

/** Parses `Whoami` of calimero-app/logic, which says what its fields are. */
export const whoamiSchema = z.object({
  executor: z.string(),
  is_member: z.boolean(),
  is_keeper: z.boolean(),
  organisation: z.string().nullable(),
  kind: z.string().nullable(),
})

/** `Whoami` of calimero-app/logic, which says what its fields are. */
export type Whoami = z.output<typeof whoamiSchema>

/** Parses `Sealed` of calimero-app/logic, which says what its fields are. */
export const sealedSchema = z.object({
  label: z.string(),
  sealed: z.string(),
})

/** `Sealed` of calimero-app/logic, which says what its fields are. */
export type Sealed = z.output<typeof sealedSchema>

/** Parses `TermsView` of calimero-app/logic, which says what its fields are. */
export const termsViewSchema = z.object({
  commitment: z.string(),
  patient_tag: z.string(),
  parties: list(sealedSchema),
  nonce: z.string(),
  replaces: z.string().nullable(),
  filed_at_s: u64,
  filed_by: z.string(),
  sequence: u64,
})

/** `TermsView` of calimero-app/logic, which says what its fields are. */
export type TermsView = z.output<typeof termsViewSchema>

/** Parses `TermsPage` of calimero-app/logic, which says what its fields are. */
export const termsPageSchema = z.object({
  entries: list(termsViewSchema),
  next: z.string().nullable(),
})

/** `TermsPage` of calimero-app/logic, which says what its fields are. */
export type TermsPage = z.output<typeof termsPageSchema>

/** Parses `FilingView` of calimero-app/logic, which says what its fields are. */
export const filingViewSchema = z.object({
  commitment: z.string(),
  labels: list(z.string()),
  filed_by: z.string(),
  sequence: u64,
})

/** `FilingView` of calimero-app/logic, which says what its fields are. */
export type FilingView = z.output<typeof filingViewSchema>

/** Parses `FilingPage` of calimero-app/logic, which says what its fields are. */
export const filingPageSchema = z.object({
  entries: list(filingViewSchema),
  next: z.string().nullable(),
})

/** `FilingPage` of calimero-app/logic, which says what its fields are. */
export type FilingPage = z.output<typeof filingPageSchema>

/** Parses `CatalogueEntry` of calimero-app/logic, which says what its fields are. */
export const catalogueEntrySchema = z.object({
  record: z.string(),
  patient: z.string(),
  held_by: z.string(),
  sequence: u64,
})

/** `CatalogueEntry` of calimero-app/logic, which says what its fields are. */
export type CatalogueEntry = z.output<typeof catalogueEntrySchema>

/** Parses `CataloguePage` of calimero-app/logic, which says what its fields are. */
export const cataloguePageSchema = z.object({
  entries: list(catalogueEntrySchema),
  next: z.string().nullable(),
})

/** `CataloguePage` of calimero-app/logic, which says what its fields are. */
export type CataloguePage = z.output<typeof cataloguePageSchema>

/** Parses `Outgoing` of calimero-app/logic, which says what its fields are. */
export const outgoingSchema = z.object({
  to: z.string().nullable(),
  sealed: z.string(),
})

/** `Outgoing` of calimero-app/logic, which says what its fields are. */
export type Outgoing = z.output<typeof outgoingSchema>

/** Parses `StepView` of calimero-app/logic, which says what its fields are. */
export const stepViewSchema = z.object({
  step: u32,
  contributed: list(z.string()),
})

/** `StepView` of calimero-app/logic, which says what its fields are. */
export type StepView = z.output<typeof stepViewSchema>

/** Parses `RoundView` of calimero-app/logic, which says what its fields are. */
export const roundViewSchema = z.object({
  id: z.string(),
  kind: z.string(),
  opened_by: z.string(),
  parties: list(z.string()),
  deadline_s: u64,
  is_overdue: z.boolean(),
  threshold: u32,
  parameters: z.string(),
  state: z.string(),
  steps: list(stepViewSchema),
  result: z.string().nullable(),
  reason: z.string().nullable(),
  ended_by: z.string().nullable(),
  sequence: u64,
})

/** `RoundView` of calimero-app/logic, which says what its fields are. */
export type RoundView = z.output<typeof roundViewSchema>

/** Parses `RoundPage` of calimero-app/logic, which says what its fields are. */
export const roundPageSchema = z.object({
  entries: list(roundViewSchema),
  next: z.string().nullable(),
})

/** `RoundPage` of calimero-app/logic, which says what its fields are. */
export type RoundPage = z.output<typeof roundPageSchema>

/** Parses `Incoming` of calimero-app/logic, which says what its fields are. */
export const incomingSchema = z.object({
  from: z.string(),
  to: z.string().nullable(),
  sealed: z.string(),
})

/** `Incoming` of calimero-app/logic, which says what its fields are. */
export type Incoming = z.output<typeof incomingSchema>

/** Parses `PrivateKeys` of calimero-app/logic, which says what its fields are. */
export const privateKeysSchema = z.object({
  keys: list(z.string()),
  next: z.string().nullable(),
})

/** `PrivateKeys` of calimero-app/logic, which says what its fields are. */
export type PrivateKeys = z.output<typeof privateKeysSchema>

/** What each method takes, by name. */
export type AppArguments = {
  /** Admits a node, brings back one that was removed, or files its new key. True when something changed. */
  admit_member: {
    readonly executor: string
    readonly organisation: string
    readonly kind: string
    readonly encryption_key_base64: string
  }
  /** Removes a node: it may no longer write. What it filed stays, and what it has seen it has seen. True when something changed. */
  remove_member: {
    readonly executor: string
  }
  /** Everyone who is or was a member, by executor. */
  members: Record<string, never>
  /** What the calling node is in this circle. Open to non-members. */
  whoami: Record<string, never>
  /**
   * Files consent terms as this node's own. The same again adds the parties whose labels are new, at the same place in
   * the circle's order; no party is ever removed or changed, and parties left out stay. True when something changed.
   */
  file_terms: {
    readonly commitment: string
    readonly patient_tag: string
    readonly parties: readonly Sealed[]
    readonly nonce: string
    readonly replaces?: string | null | undefined
    readonly filed_at_s: number
  }
  /** All terms filed under a commitment, one entry for each node that filed some. */
  terms_by_commitment: {
    readonly commitment: string
  }
  /** Terms filed for a patient, newest first. `limit`: 1 to 200, else 50. */
  terms_of_patient: {
    readonly patient_tag: string
    readonly after?: string | null | undefined
    readonly limit?: number | null | undefined
  }
  /** That terms were filed and under which labels, newest first: whoever is party to some finds its own. `limit`: 1 to 200, else 50. */
  filings: {
    readonly after?: string | null | undefined
    readonly limit?: number | null | undefined
  }
  /** Lists a record of this node's hospital (again). True when something changed. */
  put_catalogue_entry: {
    readonly record: string
    readonly patient: string
  }
  /** Takes a record of this node's hospital off the list: a new state of its entry, which stays. True when something changed. */
  remove_catalogue_entry: {
    readonly record: string
  }
  /** The listed records of a patient at all hospitals, newest first. `limit`: 1 to 200, else 50. */
  catalogue_of: {
    readonly patient: string
    readonly after?: string | null | undefined
    readonly limit?: number | null | undefined
  }
  /** All listed records, newest first. `limit`: 1 to 200, else 50. */
  catalogue_page: {
    readonly after?: string | null | undefined
    readonly limit?: number | null | undefined
  }
  /**
   * Opens a round under a name of this node's choice (`id`) and gives its full id, `<executor>.<id>`, by which all other
   * methods know it. The same again changes nothing. The parties must be members.
   */
  open_round: {
    readonly id: string
    readonly kind: string
    readonly parties: readonly string[]
    readonly deadline_s: number
    readonly threshold: number
    readonly parameters: string
  }
  /** Contributes this node's messages to a step of a round. The same again changes nothing. True when something changed. */
  contribute: {
    readonly round: string
    readonly step: number
    readonly messages: readonly Outgoing[]
  }
  /** A round as this node sees it now. */
  round: {
    readonly id: string
  }
  /** Rounds, newest first, all or those in one state. `limit`: 1 to 200, else 50. */
  rounds: {
    readonly state?: string | null | undefined
    readonly after?: string | null | undefined
    readonly limit?: number | null | undefined
  }
  /** The messages of a step that are for this node or for all, by sender. */
  messages_for_me: {
    readonly round: string
    readonly step: number
  }
  /**
   * Closes a round with its result (JSON), once at least `threshold` parties contributed to the last step. The same
   * again changes nothing. True when something changed.
   */
  close_round: {
    readonly id: string
    readonly result: string
  }
  /** Gives a round up. When it is aborted already, by whomever, nothing changes. True when something changed. */
  abort_round: {
    readonly id: string
    readonly reason: string
  }
  /**
   * Keeps a value on this node only, in place of an earlier one under the key. `space`: `records`, `observations`,
   * `scores` or `shares`. Open to nodes that are no members any
   * more: what is in its vault is the node's own.
   */
  put_private: {
    readonly space: string
    readonly key: string
    readonly value_base64: string
  }
  /** The value that this node keeps under a key, in base64. */
  get_private: {
    readonly space: string
    readonly key: string
  }
  /** Forgets a value of this node. True when there was one. */
  remove_private: {
    readonly space: string
    readonly key: string
  }
  /** The keys of a space on this node, in order. `limit`: 1 to 200, else 50; `after`: the last key seen. */
  list_private: {
    readonly space: string
    readonly after?: string | null | undefined
    readonly limit?: number | null | undefined
  }
}

/** What `init` takes. */
export type AppInitArguments = {
  readonly admin_organisation: string
  readonly kind: string
}

/** What each method answers. */
export type AppAnswers = {
  admit_member: boolean
  remove_member: boolean
  members: MemberView[]
  whoami: Whoami
  file_terms: boolean
  terms_by_commitment: TermsView[]
  terms_of_patient: TermsPage
  filings: FilingPage
  put_catalogue_entry: boolean
  remove_catalogue_entry: boolean
  catalogue_of: CataloguePage
  catalogue_page: CataloguePage
  open_round: string
  contribute: boolean
  round: RoundView
  rounds: RoundPage
  messages_for_me: Incoming[]
  close_round: boolean
  abort_round: boolean
  put_private: null
  get_private: string | null
  remove_private: boolean
  list_private: PrivateKeys
}

/** Parses what each method answers. */
export const appAnswers: { readonly [M in keyof AppAnswers]: z.ZodType<AppAnswers[M]> } = {
  admit_member: z.boolean(),
  remove_member: z.boolean(),
  members: list(memberViewSchema),
  whoami: whoamiSchema,
  file_terms: z.boolean(),
  terms_by_commitment: list(termsViewSchema),
  terms_of_patient: termsPageSchema,
  filings: filingPageSchema,
  put_catalogue_entry: z.boolean(),
  remove_catalogue_entry: z.boolean(),
  catalogue_of: cataloguePageSchema,
  catalogue_page: cataloguePageSchema,
  open_round: z.string(),
  contribute: z.boolean(),
  round: roundViewSchema,
  rounds: roundPageSchema,
  messages_for_me: list(incomingSchema),
  close_round: z.boolean(),
  abort_round: z.boolean(),
  put_private: z.null(),
  get_private: z.string().nullable(),
  remove_private: z.boolean(),
  list_private: privateKeysSchema,
}

/** Parses `AppFailure`. */
export const appFailureSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('NotAMember') }),
  z.object({ kind: z.literal('NotTheKeeper') }),
  z.object({ kind: z.literal('KeeperStays') }),
  z.object({ kind: z.literal('UnknownMember'), data: z.object({ executor: z.string() }) }),
  z.object({ kind: z.literal('TermsConflict'), data: z.object({ commitment: z.string() }) }),
  z.object({ kind: z.literal('CatalogueConflict'), data: z.object({ record: z.string() }) }),
  z.object({ kind: z.literal('UnknownRecord'), data: z.object({ record: z.string() }) }),
  z.object({ kind: z.literal('UnknownRound'), data: z.object({ round: z.string() }) }),
  z.object({ kind: z.literal('RoundConflict'), data: z.object({ round: z.string() }) }),
  z.object({ kind: z.literal('RoundEnded'), data: z.object({ round: z.string(), state: z.string() }) }),
  z.object({ kind: z.literal('DeadlinePassed'), data: z.object({ round: z.string(), deadline_s: u64 }) }),
  z.object({ kind: z.literal('AlreadyContributed'), data: z.object({ round: z.string(), step: u32 }) }),
  z.object({ kind: z.literal('NotAParty'), data: z.object({ round: z.string() }) }),
  z.object({ kind: z.literal('NotTheOpener'), data: z.object({ round: z.string() }) }),
  z.object({ kind: z.literal('TooFewContributions'), data: z.object({ round: z.string(), have: u32, need: u32 }) }),
  z.object({ kind: z.literal('TooLarge'), data: z.object({ field: z.string(), limit: u32 }) }),
  z.object({ kind: z.literal('BadInput'), data: z.object({ field: z.string(), expected: z.string() }) }),
  z.object({ kind: z.literal('Occupied') }),
  z.object({ kind: z.literal('Storage'), data: z.object({ reason: z.string() }) }),
])

/** Why the app refuses a call: `kind` and `data` of an `ApplicationError`. */
export type AppFailure = z.output<typeof appFailureSchema>

/** Parses `AppEvent`. */
export const appEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('CircleOpened'), data: z.object({ executor: z.string() }) }),
  z.object({ kind: z.literal('MemberAdmitted'), data: z.object({ executor: z.string() }) }),
  z.object({ kind: z.literal('MemberRemoved'), data: z.object({ executor: z.string() }) }),
  z.object({ kind: z.literal('TermsFiled'), data: z.object({ commitment: z.string(), executor: z.string() }) }),
  z.object({ kind: z.literal('RecordListed'), data: z.object({ record: z.string(), executor: z.string() }) }),
  z.object({ kind: z.literal('RecordRemoved'), data: z.object({ record: z.string(), executor: z.string() }) }),
  z.object({ kind: z.literal('RoundOpened'), data: z.object({ round: z.string() }) }),
  z.object({ kind: z.literal('Contributed'), data: z.object({ round: z.string(), step: u32, executor: z.string() }) }),
  z.object({ kind: z.literal('RoundClosed'), data: z.object({ round: z.string() }) }),
  z.object({ kind: z.literal('RoundAborted'), data: z.object({ round: z.string(), executor: z.string() }) }),
])

/** What the app tells of: `kind` and `data` of a `ContextEvent`. */
export type AppEvent = z.output<typeof appEventSchema>
