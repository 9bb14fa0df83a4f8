import { connect, createServer } from 'node:net'

/** A port of the loopback address that nothing uses at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new TypeError('no port'))))
    })
  })
}

/** First of so many ports in a row of the loopback address that nothing uses at this moment. */
export async function freePortRange(count: number): Promise<number> {
  for (;;) {
    const first = await freePort()
    if (first + count > 65_535) continue
    const taken = await Promise.all(Array.from({ length: count }, (_, place) => isPortTaken(first + place)))
    if (!taken.includes(true)) return first
  }
}

/** Whether something answers on, or holds, this port of the loopback address. */
export async function isPortTaken(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await canConnect(port, host)) || !(await canListen(port, host))
}

function canConnect(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 })
    const end = (connected: boolean): void => {
      socket.destroy()
      resolve(connected)
    }
    socket
      .on('connect', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false))
  })
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
