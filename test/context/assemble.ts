/** Just enough of a WASM assembler to write apps that no compiler would make. Numbers are bytes of the binary format. */
export type Code = readonly (number | readonly number[])[]

/** A module's parts. */
export type Parts = {
  /** Functions of `env`, each with how many i64 it takes and what it answers. */
  readonly imports: readonly { readonly name: string; readonly takes: number; readonly gives: 'i32' | 'i64' | undefined }[]
  /** Exported functions that take and answer nothing; each may use ten local i64. */
  readonly functions: Readonly<Record<string, Code>>
  readonly pages: number
  /** What stands in memory at the start. */
  readonly data: readonly { readonly at: number; readonly bytes: Uint8Array }[]
}

const I32 = 0x7f
const I64 = 0x7e
const LOCALS = 10

/** The module's bytes. */
export function assemble({ imports, functions, pages, data }: Parts): Uint8Array {
  const names = Object.keys(functions)
  const types = [...imports.map(({ takes, gives }) => functionType(takes, gives)), functionType(0, undefined)]
  const code = Object.values(functions).map((body) => {
    const bytes = [1, LOCALS, I64, ...flat(body), 0x0b]
    return [...leb(bytes.length), ...bytes]
  })
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(
      2,
      imports.map(({ name }, type) => [...text('env'), ...text(name), 0, ...leb(type)]),
    ),
    ...section(
      3,
      names.map(() => leb(imports.length)),
    ),
    ...section(5, [[0, ...leb(pages)]]),
    ...section(7, [[...text('memory'), 2, 0], ...names.map((name, index) => [...text(name), 0, ...leb(imports.length + index)])]),
    ...section(10, code),
    ...section(
      11,
      data.map(({ at, bytes }) => [0, 0x41, ...signed(at), 0x0b, ...leb(bytes.length), ...bytes]),
    ),
  ])
}

/** `i64.const` */
export function i64(value: number): number[] {
  return [0x42, ...signed(value)]
}

/** `i32.const` */
export function i32(value: number): number[] {
  return [0x41, ...signed(value)]
}

/** Calls a function by its place: imports first. */
export function callFunction(index: number): number[] {
  return [0x10, ...leb(index)]
}

/** `n` times the same, in a loop that counts local 9. */
export function times(count: number, body: Code): number[] {
  return [...i64(count), 0x21, 9, 0x03, 0x40, ...flat(body), 0x20, 9, ...i64(1), 0x7d, 0x22, 9, 0x50, 0x45, 0x0d, 0, 0x0b]
}

function flat(code: Code): number[] {
  return code.flatMap((part) => (typeof part === 'number' ? [part] : [...part]))
}

function functionType(takes: number, gives: 'i32' | 'i64' | undefined): number[] {
  const results = gives === undefined ? [] : [gives === 'i32' ? I32 : I64]
  return [0x60, takes, ...Array.from({ length: takes }, () => I64), results.length, ...results]
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const body = [...leb(items.length), ...items.flat()]
  return [id, ...leb(body.length), ...body]
}

function text(value: string): number[] {
  const bytes = [...Buffer.from(value)]
  return [...leb(bytes.length), ...bytes]
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]
}

function signed(value: number): number[] {
  const rest = Math.floor(value / 128)
  const low = value & 0x7f
  const isLast = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}
