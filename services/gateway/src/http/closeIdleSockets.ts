import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * When the server closes, ends every connection that no request is running on. Node does so only for connections that once had a request; browsers also open some ahead
 * of need, and a stop would wait for those.
 */
export function closeIdleSockets(app: FastifyInstance): void {
  const running = new Map<Socket, number>()
  app.server.on('connection', (socket: Socket) => {
    running.set(socket, 0)
    socket.once('close', () => running.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    running.set(socket, (running.get(socket) ?? 0) + 1)
    response.once('close', () => {
      if (running.has(socket)) running.set(socket, (running.get(socket) ?? 1) - 1)
    })
  })
  app.addHook('preClose', async () => {
    for (const [socket, requests] of running) if (requests === 0) socket.destroy()
  })
}
