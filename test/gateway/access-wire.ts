import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP connection to a local port that can be cut and mended: what a network does. */
export class Wire {
  readonly #target: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isCut = false
  #isStalled = false

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#join(near))
  }

  /** Lays a wire to `target` and waits until it can be used. */
  static async lay(target: number): Promise<Wire> {
    const wire = new Wire(target)
    const { promise, resolve } = Promise.withResolvers<void>()
    wire.#server.listen(0, '127.0.0.1', resolve)
    await promise
    return wire
  }

  /** Port of the near end. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Breaks every connection, also in the middle of a message, and takes no new ones. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Keeps every connection and lets nothing through, as a firewall that has forgotten them, or a server that is stopped. */
  stall(): void {
    this.#isStalled = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** Takes connections again, and lets everything through. */
  mend(): void {
    this.#isCut = false
    this.#isStalled = false
    for (const socket of this.#sockets) socket.resume()
  }

  async close(): Promise<void> {
    this.cut()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    await promise
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      near.destroy()
      return
    }
    const far = connect(this.#target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
      one.on('error', () => other.destroy())
      one.pipe(other)
      if (this.#isStalled) one.pause()
    }
  }
}
