import { assemble, type Code, callFunction, i32, i64, times } from './assemble.ts'

const MIB = 1_048_576

/** Host functions that the app uses; a call names its place here. */
const imports = [
  { name: 'input', takes: 1, gives: undefined },
  { name: 'register_len', takes: 1, gives: 'i64' },
  { name: 'read_register', takes: 2, gives: 'i32' },
  { name: 'storage_write', takes: 3, gives: 'i32' },
  { name: 'storage_read', takes: 2, gives: 'i32' },
  { name: 'storage_remove', takes: 2, gives: 'i32' },
  { name: 'private_storage_write', takes: 2, gives: 'i32' },
  { name: 'private_storage_read', takes: 2, gives: 'i32' },
  { name: 'commit', takes: 2, gives: undefined },
  { name: 'emit', takes: 1, gives: undefined },
  { name: 'emit_with_handler', takes: 2, gives: undefined },
  { name: 'log_utf8', takes: 1, gives: undefined },
  { name: 'value_return', takes: 1, gives: undefined },
  { name: 'panic_utf8', takes: 2, gives: undefined },
  { name: 'blob_create', takes: 0, gives: 'i64' },
] as const

type HostName = (typeof imports)[number]['name']

// Where things stand in memory. Descriptors first; a buffer is { u64 address, u64 length }.
const at = {
  key: 16,
  root: 32,
  artifact: 48,
  event: 64,
  handler: 96,
  logLine: 112,
  location: 128,
  words: 152,
  okEmpty: 168,
  err: 192,
  longLog: 264,
  longEvent: 280,
  longKind: 312,
  longKey: 344,
  key33: 464,
  key32: 480,
  longValue: 360,
  wild: 416,
  noText: 432,
  empty: 448,
  argument: 1_000,
  answer: 1_016,
  answerBuffer: 1_024,
  text: 2_000,
  room: 16_384,
} as const

const strings = new Map<string, number>()
let nextString: number = at.text

function place(value: string): { address: number; length: number } {
  const known = strings.get(value)
  const address = known ?? nextString
  if (known === undefined) {
    strings.set(value, address)
    nextString += Buffer.byteLength(value)
  }
  return { address, length: Buffer.byteLength(value) }
}

function u64s(...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 8)
  values.forEach((value, index) => {
    bytes.writeBigUInt64LE(BigInt(value), index * 8)
  })
  return bytes
}

function buffer(value: string): number[] {
  const { address, length } = place(value)
  return [address, length]
}

/** What the app says when it fails on purpose. */
export const ROUGH_ERROR = { kind: 'NotAllowed', data: { id: 'x7' } } as const
/** What its panics say; nobody may see it in a message. */
export const ROUGH_WORDS = 'called with value marked-argument-of-a-panic'

const data = [
  { at: at.key, bytes: u64s(...buffer('value')) },
  { at: at.root, bytes: u64s(...buffer('r'.repeat(32))) },
  { at: at.artifact, bytes: u64s(...buffer('delta')) },
  { at: at.event, bytes: u64s(...buffer('Written'), ...buffer('{"id":"x7"}')) },
  { at: at.handler, bytes: u64s(...buffer('on_written')) },
  { at: at.logLine, bytes: u64s(...buffer('logged')) },
  { at: at.location, bytes: Buffer.concat([u64s(...buffer('/home/builder/app/src/lib.rs')), Buffer.from([7, 0, 0, 0, 9, 0, 0, 0])]) },
  { at: at.words, bytes: u64s(...buffer(ROUGH_WORDS)) },
  { at: at.okEmpty, bytes: u64s(0, ...buffer('null')) },
  { at: at.err, bytes: u64s(1, ...buffer(JSON.stringify(ROUGH_ERROR))) },
  { at: at.longLog, bytes: u64s(at.room, 16 * 1_024 + 1) },
  { at: at.longEvent, bytes: u64s(...buffer('Written'), at.room, 16 * 1_024 + 1) },
  { at: at.longKind, bytes: u64s(at.room, 101, ...buffer('{}')) },
  { at: at.key33, bytes: u64s(at.room, 33) },
  { at: at.key32, bytes: u64s(at.room, 32) },
  { at: at.longKey, bytes: u64s(at.room, MIB + 1) },
  { at: at.longValue, bytes: u64s(at.room, 10 * MIB + 1) },
  { at: at.wild, bytes: u64s(4_000_000_000, 8) },
  { at: at.noText, bytes: u64s(at.room - 1, 1) },
  { at: at.empty, bytes: u64s(0, 0) },
  { at: at.room - 1, bytes: Buffer.of(0xff) },
]

function host(name: HostName, ...pointers: number[]): number[] {
  const index = imports.findIndex((entry) => entry.name === name)
  const answers = imports[index]?.gives !== undefined
  return [...pointers.flatMap((pointer) => i64(pointer)), ...callFunction(index), ...(answers ? [0x1a] : [])]
}

/** Stores an i64 from the stack code at an address. */
function store(address: number, value: Code): number[] {
  return [...i32(address), ...value.flatMap((part) => (typeof part === 'number' ? [part] : [...part])), 0x37, 3, 0]
}

function hostValue(name: HostName, ...pointers: number[]): number[] {
  return [...pointers.flatMap((pointer) => i64(pointer)), ...callFunction(imports.findIndex((entry) => entry.name === name))]
}

/** Copies register `register` into the room, described at `at.argument` and, as a result, at `at.answer`. */
function fetchRegister(register: number): number[] {
  const length = hostValue('register_len', register)
  return [
    ...store(at.argument, [i64(at.room)]),
    ...store(at.argument + 8, [length]),
    ...store(at.answer, [i64(0)]),
    ...store(at.answerBuffer, [i64(at.room)]),
    ...store(at.answerBuffer + 8, [hostValue('register_len', register)]),
    ...host('read_register', register, at.argument),
  ]
}

const input = [...host('input', 0), ...fetchRegister(0)]
const write = [...input, ...host('storage_write', at.key, at.argument, 1)]
const writePrivate = [...input, ...host('private_storage_write', at.key, at.argument)]
const commit = host('commit', at.root, at.artifact)
const ok = host('value_return', at.okEmpty)
const answer = host('value_return', at.answer)
const UNREACHABLE = [0x00]
const FOREVER = [0x03, 0x40, 0x0c, 0, 0x0b]

function answerIfThere(read: number[], register: number): number[] {
  return [...read, 0x04, 0x40, ...fetchRegister(register), ...answer, 0x05, ...ok, 0x0b]
}

/** What each method does. `deep` calls itself, so its place among them counts. */
const functions = {
  init: commit,
  put: [...write, ...host('emit', at.event), ...ok, ...commit],
  put_and_handle: [...write, ...host('emit_with_handler', at.event, at.handler), ...ok, ...commit],
  on_written: [...writePrivate, ...commit],
  put_private: [...writePrivate, ...ok, ...commit],
  put_both: [...write, ...host('private_storage_write', at.key, at.argument), ...ok, ...commit],
  get: answerIfThere(hostValue('storage_read', at.key, 2), 2),
  get_private: answerIfThere(hostValue('private_storage_read', at.key, 2), 2),
  remove: [...host('storage_remove', at.key, 2), ...ok, ...commit],
  put_without_commit: [...write, ...ok],
  put_without_delta: [...write, ...ok, ...host('commit', at.root, at.empty)],
  put_then_err: [
    ...write,
    ...host('private_storage_write', at.key, at.argument),
    ...host('emit', at.event),
    ...host('value_return', at.err),
    ...commit,
  ],
  put_then_trap: [...write, ...host('private_storage_write', at.key, at.argument), ...host('emit', at.event), ...commit, ...UNREACHABLE],
  put_then_panic: [...write, ...host('emit', at.event), ...commit, ...host('panic_utf8', at.words, at.location)],
  put_then_loop: [...write, ...host('private_storage_write', at.key, at.argument), ...host('emit', at.event), ...commit, ...FOREVER],
  put_then_log: [...write, ...host('log_utf8', at.logLine), ...ok, ...commit],
  commit_twice: [...write, ...commit, ...commit],
  logs_1024: [...times(1_024, [host('log_utf8', at.logLine)]), ...ok],
  logs_1025: [...write, ...times(1_025, [host('log_utf8', at.logLine)]), ...commit],
  log_long: [...write, ...host('log_utf8', at.longLog), ...commit],
  events_100: [...times(100, [host('emit', at.event)]), ...ok, ...commit],
  events_101: [...write, ...times(101, [host('emit', at.event)]), ...commit],
  event_long: [...write, ...host('emit', at.longEvent), ...commit],
  event_kind_long: [...write, ...host('emit', at.longKind), ...commit],
  key_32: [
    ...input,
    ...host('storage_write', at.key32, at.argument, 1),
    ...host('private_storage_write', at.key32, at.argument),
    ...ok,
    ...commit,
  ],
  key_33: [...write, ...host('storage_write', at.key33, at.argument, 1), ...commit],
  private_key_33: [...write, ...host('private_storage_write', at.key33, at.argument), ...commit],
  key_long: [...write, ...host('storage_write', at.longKey, at.argument, 1), ...commit],
  value_long: [...write, ...host('storage_write', at.key, at.longValue, 1), ...commit],
  private_value_long: [...write, ...host('private_storage_write', at.key, at.longValue), ...commit],
  registers_101: [...write, ...store(8, [i64(0)]), ...manyRegisters(), ...commit],
  memory_wild: [...write, ...host('storage_write', at.wild, at.argument, 1), ...commit],
  event_no_text: [...write, ...host('log_utf8', at.noText), ...commit],
  memory_grow: [...i32(2_000), 0x40, 0, ...i32(-1), 0x46, 0x04, 0x40, ...UNREACHABLE, 0x0b, ...ok],
  memory_fits: [...i32(1_024 - 200), 0x40, 0, ...i32(-1), 0x46, 0x04, 0x40, ...UNREACHABLE, 0x0b, ...ok],
  make_blob: [...write, ...host('blob_create'), ...commit],
  leave_mark: [...store(12_000, [i64(12_345)]), ...ok],
  see_mark: [...i32(12_000), 0x29, 3, 0, ...i64(0), 0x52, 0x04, 0x40, ...UNREACHABLE, 0x0b, ...ok],
} as const

/**
 * An app that does everything an app may do wrong, each on demand; no compiler is needed for it. Its state is what `put` was given last,
 * as JSON; `get` answers it. `put_private` and `get_private` do so in the member's own store.
 */
export function roughApp(extra: { readonly imports?: readonly string[]; readonly pages?: number } = {}): Uint8Array {
  const all = [...imports, ...(extra.imports ?? []).map((name) => ({ name, takes: 0, gives: undefined }))]
  const deep = callFunction(all.length + Object.keys(functions).length)
  return assemble({
    imports: all,
    pages: extra.pages ?? 200,
    data: [...data, ...[...strings].map(([value, address]) => ({ at: address, bytes: Buffer.from(value) }))],
    functions: { ...functions, deep },
  })
}

function manyRegisters(): number[] {
  // local 8 counts the register up, local 9 the loop down.
  return times(101, [[0x20, 8, ...callFunction(0), 0x20, 8, ...i64(1), 0x7c, 0x21, 8]])
}
