import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { accessRoutes } from './access/accessRoutes.ts'
import { disputesRoutes } from './access/disputesRoutes.ts'
import { allocationRoutes } from './allocation/allocationRoutes.ts'
import { authRoutes } from './auth/authRoutes.ts'
import type { Gateway } from './composition.ts'
import { consentsRoutes } from './consents/consentsRoutes.ts'
import { grantsRoutes } from './consents/grantsRoutes.ts'
import { patientHospitalsRoutes } from './consents/patientHospitalsRoutes.ts'
import { circleRoutes } from './context/circleRoutes.ts'
import { enrolmentRoutes } from './enrolment/enrolmentRoutes.ts'
import { eventRoutes } from './events/eventRoutes.ts'
import { answerError } from './http/answerError.ts'
import { closeIdleSockets } from './http/closeIdleSockets.ts'
import { describeRoute } from './http/describeRoute.ts'
import { healthRoutes } from './http/healthRoutes.ts'
import { helmetOptions } from './http/helmetOptions.ts'
import { logRequests } from './http/logRequests.ts'
import { networkRoutes } from './http/networkRoutes.ts'
import { openApiInfo } from './http/openApiInfo.ts'
import { organisationsRoutes } from './http/organisationsRoutes.ts'
import { limitRequests, type RequestLimits } from './http/requestLimits.ts'
import { staticFiles } from './http/staticFiles.ts'
import { hospitalRecordsRoutes } from './records/hospitalRecordsRoutes.ts'
import { patientRecordsRoutes } from './records/patientRecordsRoutes.ts'
import { uploadRoutes } from './records/uploadRoutes.ts'
import { requestsRoutes } from './requests/requestsRoutes.ts'
import { roundsRoutes } from './rounds/roundsRoutes.ts'
import { studiesRoutes } from './studies/studiesRoutes.ts'
import { trialsRoutes } from './trials/trialsRoutes.ts'
import { casesRoutes } from './urgency/casesRoutes.ts'

/** The server as every room's routes take it: bodies and answers are typed by their zod schemas. */
export type GatewayServer = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

/** What a room offers over HTTP: registered under /api. */
export type Routes = (app: GatewayServer, options: { gateway: Gateway }) => Promise<void>

const BODY_BYTES = 262_144
const REQUEST_TIMEOUT_MS = 120_000
const KEEP_ALIVE_MS = 10_000

/** The rooms' routes, in the order of the OpenAPI document. Add yours here. */
const rooms: readonly Routes[] = [
  networkRoutes,
  organisationsRoutes,
  authRoutes,
  patientRecordsRoutes,
  enrolmentRoutes,
  uploadRoutes,
  hospitalRecordsRoutes,
  eventRoutes,
  consentsRoutes,
  patientHospitalsRoutes,
  grantsRoutes,
  studiesRoutes,
  requestsRoutes,
  accessRoutes,
  disputesRoutes,
  circleRoutes,
  casesRoutes,
  roundsRoutes,
  allocationRoutes,
  trialsRoutes,
]

/** Makes the HTTP server of a gateway: routes of all rooms, error answers, limits, security headers, OpenAPI, the web app. Does not listen yet. */
export async function buildServer(gateway: Gateway): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = gateway.log
  let limits: RequestLimits | undefined
  /** A path that cannot be read comes by no hook: it is counted here, behind a proxy by the proxy's address. */
  const answerUnreadable = async (error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    answerError(await (limits?.count('request', request) ?? Promise.resolve()).then(() => error, keptAs), request, reply)
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: (_address: string, hop: number) => hop < Number(gateway.env.TRUST_PROXY),
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    frameworkErrors: answerUnreadable,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('session', null)
  app.setErrorHandler(answerError)
  // First of all, so that nothing is done for a request that is one too many.
  limits = await limitRequests(app)
  closeIdleSockets(app)
  logRequests(app)
  await app.register(helmet, helmetOptions(gateway))
  await app.register(cookie)
  await app.register(swagger, { openapi: openApiInfo, transform: describeRoute })
  await app.register(healthRoutes, { gateway })
  await app.register(
    async (api) => {
      const typed = api.withTypeProvider<ZodTypeProvider>()
      typed.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })
      for (const routes of rooms) await typed.register(routes, { gateway })
      typed.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
    },
    { prefix: '/api' },
  )
  await app.register(staticFiles, { gateway })
  return app
}

/** What counting failed with is what is answered. */
function keptAs(failure: unknown): unknown {
  return failure
}
