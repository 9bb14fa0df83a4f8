/** Head of the OpenAPI document at /api/openapi.json; everything else in it comes from the routes' schemas. */
export const openApiInfo = {
  openapi: '3.1.0',
  info: {
    title: 'MedSync gateway',
    version: '1',
    description:
      'Patients decide who may use their health data. Times end in S (seconds since 1970); money is a decimal string in the smallest unit of its token; lists answer { items, next }: pass `next` as ?after= for the following page. Every failure answers { code, message, hint, id }.',
  },
  components: { securitySchemes: { account: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
} as const
