import type { SwaggerTransform } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

/** Calls that need a token; a test holds every route under these to it. */
const GUARDED_PATHS = /^\/api\/(patient|hospital|research|events)(\/|$)/

/** Describes a route for the OpenAPI document from its zod schemas, and says whether it needs a token. */
export const describeRoute: SwaggerTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document)
  return { schema: GUARDED_PATHS.test(url) ? { ...schema, security: [{ account: [] }] } : schema, url }
}
