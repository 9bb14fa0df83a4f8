import { expect, test } from 'vitest'
import { appModule } from './appModule.ts'
import { manifestSchema } from './manifest.ts'

const SOURCE = `
impl App {
    /// Sums.
    ///
    /// # Errors
    ///
    /// None.
    pub fn total(&self, of: Vec<String>, most: Option<u32>) -> Result<Option<Sum>, Error> {
`

const text = { kind: 'string' }
const MANIFEST = {
  schema_version: 'wasm-abi/1',
  types: {
    Error: { kind: 'variant', variants: [{ name: 'Lost' }, { name: 'Odd', payload: { $ref: 'Error_Odd' } }] },
    Error_Odd: { kind: 'record', fields: [{ name: 'field', type: text }] },
    Part: { kind: 'record', fields: [{ name: 'size', type: { kind: 'u64' } }] },
    Sum: { kind: 'record', fields: [{ name: 'parts', type: { kind: 'list', items: { $ref: 'Part' } }, nullable: true }] },
    State: { kind: 'record', fields: [{ name: 'map', type: { kind: 'map', key: text, value: text } }] },
  },
  methods: [
    { name: 'init', params: [{ name: 'kind', type: text }], returns: { kind: 'unit' } },
    {
      name: 'total',
      params: [
        { name: 'of', type: { kind: 'list', items: text } },
        { name: 'most', type: { kind: 'u32' }, nullable: true },
      ],
      returns: { $ref: 'Sum' },
      returns_nullable: true,
    },
  ],
  events: [{ name: 'Summed', payload: { $ref: 'Error_Odd' } }],
}

test('a module has types and parsers of what callers meet, and none of the stored state', () => {
  const module = appModule(manifestSchema.parse(MANIFEST), SOURCE)
  expect(module.slice(module.indexOf('/** Parses `Part`'))).toMatchInlineSnapshot(`
    "/** Parses \`Part\` of calimero-app/logic, which says what its fields are. */
    export const partSchema = z.object({
      size: u64,
    })

    /** \`Part\` of calimero-app/logic, which says what its fields are. */
    export type Part = z.output<typeof partSchema>

    /** Parses \`Sum\` of calimero-app/logic, which says what its fields are. */
    export const sumSchema = z.object({
      parts: list(partSchema).nullable(),
    })

    /** \`Sum\` of calimero-app/logic, which says what its fields are. */
    export type Sum = z.output<typeof sumSchema>

    /** What each method takes, by name. */
    export type AppArguments = {
      /** Sums. */
      total: {
        readonly of: readonly string[]
        readonly most?: number | null | undefined
      }
    }

    /** What \`init\` takes. */
    export type AppInitArguments = {
      readonly kind: string
    }

    /** What each method answers. */
    export type AppAnswers = {
      total: Sum | null
    }

    /** Parses what each method answers. */
    export const appAnswers: { readonly [M in keyof AppAnswers]: z.ZodType<AppAnswers[M]> } = {
      total: sumSchema.nullable(),
    }

    /** Parses \`AppFailure\`. */
    export const appFailureSchema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('Lost') }),
      z.object({ kind: z.literal('Odd'), data: z.object({ field: z.string() }) }),
    ])

    /** Why the app refuses a call: \`kind\` and \`data\` of an \`ApplicationError\`. */
    export type AppFailure = z.output<typeof appFailureSchema>

    /** Parses \`AppEvent\`. */
    export const appEventSchema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('Summed'), data: z.object({ field: z.string() }) }),
    ])

    /** What the app tells of: \`kind\` and \`data\` of a \`ContextEvent\`. */
    export type AppEvent = z.output<typeof appEventSchema>
    "
  `)
  expect(module).not.toContain('State')
})

test('error: a type that TypeScript is not taught yet stops the generator', () => {
  const returns = { kind: 'map', key: text, value: text }
  expect(() => manifestSchema.parse({ ...MANIFEST, methods: [{ name: 'total', params: [], returns }] })).toThrow()
})
