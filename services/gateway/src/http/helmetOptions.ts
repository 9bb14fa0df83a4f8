import type { FastifyHelmetOptions } from '@fastify/helmet'
import type { Gateway } from '../composition.ts'

/** Security headers: the browser may load our own files and talk to us and to the chain, and to nobody else. */
export function helmetOptions({ env, deployment }: Pick<Gateway, 'env' | 'deployment'>): FastifyHelmetOptions {
  const isHttps = env.PUBLIC_ORIGIN.startsWith('https:')
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // The component library writes style elements at run time.
        'style-src': ["'self'", "'unsafe-inline'"],
        'font-src': ["'self'"],
        // Wallets hand over their icons as data URLs.
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'", ...chainOrigins(deployment)],
        'worker-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: isHttps,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
    xPoweredBy: false,
  }
}

function chainOrigins({ rpcUrl, wsUrl }: Gateway['deployment']): string[] {
  return [rpcUrl, wsUrl].flatMap((url) =>
    url === undefined
      ? []
      : [new URL(url).protocol.startsWith('ws') ? `${new URL(url).protocol}//${new URL(url).host}` : new URL(url).origin],
  )
}
