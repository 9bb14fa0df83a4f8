import { z } from 'zod'

/** A type in the app's ABI, as far as callers meet it. */
export type AbiType = { kind: Scalar } | { kind: 'list'; items: AbiType } | { $ref: string }

/** Types that have no parts. */
export type Scalar = z.output<typeof scalarSchema>

const scalarSchema = z.enum(['bool', 'string', 'u32', 'u64', 'unit'])

const typeSchema: z.ZodType<AbiType> = z.union([
  z.object({ $ref: z.string() }),
  z.object({ kind: scalarSchema }),
  z.object({
    kind: z.literal('list'),
    get items() {
      return typeSchema
    },
  }),
])

const fieldSchema = z.object({ name: z.string(), type: typeSchema, nullable: z.boolean().default(false) })

/** A field of a record, or a parameter of a method. */
export type Field = z.output<typeof fieldSchema>

const variantSchema = z.object({ name: z.string(), payload: z.object({ $ref: z.string() }).optional() })

/** One of several shapes that a value may have: a failure, an event. */
export type Variant = z.output<typeof variantSchema>

/** A type with fields. */
export const recordSchema = z.object({ kind: z.literal('record'), fields: z.array(fieldSchema) })

const methodSchema = z.object({
  name: z.string(),
  params: z.array(fieldSchema),
  returns: typeSchema,
  returns_nullable: z.boolean().default(false),
})

/** A method of the app. */
export type Method = z.output<typeof methodSchema>

/** The ABI that cargo makes of the app (`calimero-app/res/abi.json`). Types are parsed where they are met: those of the stored state never are. */
export const manifestSchema = z.object({
  schema_version: z.literal('wasm-abi/1'),
  types: z.record(z.string(), z.unknown()).and(z.object({ Error: z.object({ variants: z.array(variantSchema) }) })),
  methods: z.array(methodSchema),
  events: z.array(variantSchema),
})

/** The ABI of the app. */
export type Manifest = z.output<typeof manifestSchema>
