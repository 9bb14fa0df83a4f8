import { resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Gateway } from '../composition.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import { isLocalNetwork } from './isLocalNetwork.ts'

/** Serves the built web app at `/` (any unknown page is its start page), and sample Bundles at `/samples/` where the network is local. */
export async function staticFiles(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const { WEB_DIST, SAMPLES_DIR } = gateway.env
  if (SAMPLES_DIR !== undefined && isLocalNetwork(gateway.deployment)) {
    await app.register(fastifyStatic, {
      root: resolve(SAMPLES_DIR),
      prefix: '/samples/',
      index: false,
      dotfiles: 'ignore',
      decorateReply: false,
    })
  }
  if (WEB_DIST !== undefined) {
    await app.register(fastifyStatic, { root: resolve(WEB_DIST), dotfiles: 'ignore', cacheControl: false, setHeaders: setCaching })
  }
  app.setNotFoundHandler((request, reply) => {
    if (WEB_DIST === undefined || !isPage(request)) throw new NotFoundError('server/no-such-route')
    return reply.sendFile('index.html')
  })
}

/** File names of the build carry a hash of their content; the start page does not. */
function setCaching(reply: FastifyReply, path: string): void {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}

/** A page of the web app, as opposed to a call or a file that is not there. */
function isPage({ method, url }: FastifyRequest): boolean {
  const path = url.split('?')[0] ?? ''
  return (method === 'GET' || method === 'HEAD') && !/^\/(api|samples|health|ready)(\/|$)/.test(path) && !/\.[a-z0-9]+$/i.test(path)
}
