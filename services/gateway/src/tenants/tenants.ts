import { feltSchema, type OrganisationId, organisationIdSchema, slugToOrganisationId } from '@medsync/protocol'
import * as z from 'zod'
import { ConfigurationError, NotFoundError } from '../gatewayErrors.ts'
import { readJsonFile } from './readJsonFile.ts'

export const tenantSchemaOfFile = z.strictObject({
  organisation: organisationIdSchema,
  /** Names the database schema: short, lower-case. */
  slug: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  role: z.enum(['hospital', 'research']),
  name: z.string().min(1).max(120),
  /** The account that this gateway signs with for the organisation. */
  operator: z.strictObject({ address: feltSchema, privateKey: feltSchema }).optional(),
})

/** An organisation that this gateway serves. */
export type Tenant = z.output<typeof tenantSchemaOfFile>

/** The organisations that this gateway serves, read once at start. */
export class Tenants {
  readonly all: readonly Tenant[]

  /** @throws {ConfigurationError} Two tenants share a slug, a schema or an organisation. */
  constructor(all: readonly Tenant[]) {
    const schemas = new Set(all.map(({ slug }) => slug.replaceAll('-', '_')))
    const organisations = new Set(all.map(({ organisation }) => organisation))
    if (schemas.size !== all.length || organisations.size !== all.length)
      throw new ConfigurationError('config/tenants', 'a tenant stands there twice')
    this.all = all
  }

  /** Those that hold records. */
  get hospitals(): readonly Tenant[] {
    return this.all.filter(({ role }) => role === 'hospital')
  }

  /** The tenant of an organisation, when it is served here. */
  find(organisation: OrganisationId): Tenant | undefined {
    return this.all.find((tenant) => tenant.organisation === organisation)
  }

  /** @throws {NotFoundError} It is not served here. */
  of(organisation: OrganisationId): Tenant {
    const tenant = this.find(organisation)
    if (tenant === undefined) throw new NotFoundError('input/not-found', 'organisation')
    return tenant
  }
}

/**
 * Reads the tenants' file. It holds operator keys, so nobody but its owner may read it.
 * @throws {ConfigurationError} It is missing, malformed, or readable by others.
 */
export async function readTenants(path: string): Promise<Tenants> {
  const tenants = await readJsonFile(path, z.array(tenantSchemaOfFile).min(1), { secret: true, code: 'config/tenants' })
  const misnamed = tenants.find(({ slug, organisation }) => slugToOrganisationId(slug) !== organisation)
  if (misnamed !== undefined) throw new ConfigurationError('config/tenants', `organisation of ${misnamed.slug} is not its slug as a felt`)
  return new Tenants(tenants)
}
