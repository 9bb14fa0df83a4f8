import { type AbiType, type Field, type Manifest, type Method, recordSchema, type Scalar, type Variant } from './manifest.ts'
import { methodDocs } from './methodDocs.ts'

const schemas: Record<Scalar, string> = { bool: 'z.boolean()', string: 'z.string()', u32: 'u32', u64: 'u64', unit: 'z.null()' }
const types: Record<Scalar, string> = { bool: 'boolean', string: 'string', u32: 'number', u64: 'number', unit: 'null' }

/**
 * The text of the TypeScript module that knows the app: a type for what each method takes, a parser for what it answers, for its failures
 * and for its events.
 * @param source - The Rust file that holds the methods; its words become those of the TypeScript.
 */
export function appModule(manifest: Manifest, source: string): string {
  const methods = manifest.methods.filter(({ name }) => name !== 'init')
  const init = manifest.methods.filter(({ name }) => name === 'init')
  const records = recordsMet(
    manifest,
    methods.flatMap(({ returns, params }) => [returns, ...params.map(({ type }) => type)]),
  )
  return [
    '// Made from calimero-app by `npm run codegen`; not to be edited.',
    "import { z } from 'zod'",
    '',
    'const u32 = z.number().int().min(0).max(4_294_967_295)',
    '// Whole, but not checked to be: a member may claim a number beyond what JavaScript counts exactly, and its entry must not spoil the others.',
    'const u64 = z.number().min(0)',
    '// Longer than any list that the app keeps. Another hospital may write a longer one into the shared state: the rest of it is left out, and the',
    '// list must not spoil the others.',
    'const MOST_ITEMS = 10_000',
    'const list = <T extends z.ZodType>(item: T) =>',
    '  z.preprocess((items) => (Array.isArray(items) ? items.slice(0, MOST_ITEMS) : items), z.array(item).max(MOST_ITEMS))',
    '',
    ...[...records].flatMap(([name, fields]) => record(name, fields)),
    '/** What each method takes, by name. */',
    'export type AppArguments = {',
    ...methods.flatMap((method) => argumentsOf(method, source)),
    '}',
    '',
    '/** What `init` takes. */',
    `export type AppInitArguments = ${init.map(({ params }) => shapeOf(params)).join('')}`,
    '',
    '/** What each method answers. */',
    'export type AppAnswers = {',
    ...methods.map(({ name, returns, returns_nullable }) => `  ${name}: ${typeOf(returns)}${returns_nullable ? ' | null' : ''}`),
    '}',
    '',
    '/** Parses what each method answers. */',
    'export const appAnswers: { readonly [M in keyof AppAnswers]: z.ZodType<AppAnswers[M]> } = {',
    ...methods.map(({ name, returns, returns_nullable }) => `  ${name}: ${nullable(schemaOf(returns), returns_nullable)},`),
    '}',
    '',
    ...union(
      'AppFailure',
      'Why the app refuses a call: `kind` and `data` of an `ApplicationError`.',
      manifest.types.Error.variants,
      manifest,
    ),
    ...union('AppEvent', 'What the app tells of: `kind` and `data` of a `ContextEvent`.', manifest.events, manifest),
  ].join('\n')
}

/** The records that callers meet, each after those that it is made of. */
function recordsMet(manifest: Manifest, from: readonly AbiType[]): Map<string, Field[]> {
  const met = new Map<string, Field[]>()
  const visit = (type: AbiType): void => {
    if ('$ref' in type) {
      if (met.has(type.$ref)) return
      const { fields } = recordSchema.parse(manifest.types[type.$ref])
      for (const field of fields) visit(field.type)
      met.set(type.$ref, fields)
    } else if (type.kind === 'list') visit(type.items)
  }
  for (const type of from) visit(type)
  return met
}

function record(name: string, fields: readonly Field[]): string[] {
  const where = `\`${name}\` of calimero-app/logic, which says what its fields are.`
  return [
    `/** Parses ${where} */`,
    `export const ${schemaName(name)} = z.object({`,
    ...fields.map((field) => `  ${fieldSchema(field)},`),
    '})',
    '',
    `/** ${where} */`,
    `export type ${name} = z.output<typeof ${schemaName(name)}>`,
    '',
  ]
}

function argumentsOf({ name, params }: Method, source: string): string[] {
  const docs = methodDocs(source, name)
  const comment = docs.length === 1 ? [`  /** ${docs[0]} */`] : ['  /**', ...docs.map((line) => `   * ${line}`.trimEnd()), '   */']
  return [...(docs.length === 0 ? [] : comment), `  ${name}: ${shapeOf(params, '  ')}`]
}

function shapeOf(params: readonly Field[], indent = ''): string {
  if (params.length === 0) return 'Record<string, never>'
  const lines = params.map(({ name, type, nullable }) => {
    const list = 'kind' in type && type.kind === 'list' ? 'readonly ' : ''
    return `${indent}  readonly ${name}${nullable ? '?' : ''}: ${list}${typeOf(type)}${nullable ? ' | null | undefined' : ''}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

function union(type: string, what: string, variants: readonly Variant[], manifest: Manifest): string[] {
  return [
    `/** Parses \`${type}\`. */`,
    `export const ${schemaName(type)} = z.discriminatedUnion('kind', [`,
    ...variants.map(({ name: kind, payload }) => {
      return `  z.object({ kind: z.literal('${kind}')${payload === undefined ? '' : `, data: ${inline(manifest, payload.$ref)}`} }),`
    }),
    '])',
    '',
    `/** ${what} */`,
    `export type ${type} = z.output<typeof ${schemaName(type)}>`,
    '',
  ]
}

function inline(manifest: Manifest, name: string): string {
  const { fields } = recordSchema.parse(manifest.types[name])
  return `z.object({ ${fields.map(fieldSchema).join(', ')} })`
}

function fieldSchema({ name, type, nullable: isNullable }: Field): string {
  return `${name}: ${nullable(schemaOf(type), isNullable)}`
}

function schemaOf(type: AbiType): string {
  if ('$ref' in type) return schemaName(type.$ref)
  return type.kind === 'list' ? `list(${schemaOf(type.items)})` : schemas[type.kind]
}

function typeOf(type: AbiType): string {
  if ('$ref' in type) return type.$ref
  return type.kind === 'list' ? `${typeOf(type.items)}[]` : types[type.kind]
}

function nullable(schema: string, isNullable: boolean): string {
  return isNullable ? `${schema}.nullable()` : schema
}

function schemaName(name: string): string {
  return `${name[0]?.toLowerCase()}${name.slice(1)}Schema`
}
