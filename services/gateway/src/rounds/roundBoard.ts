import type { Incoming } from '@medsync/context/app'
import type { Circle, Seat } from '../context/circle.ts'
import { digestOf, type Envelope, readEnvelope } from './envelope.ts'

/** What one hospital contributed to a step, as this one sees it. */
export type Posted = {
  readonly from: string
  /** The open part; undefined when what came is no contribution, or not what its sender announced. */
  readonly envelope: Envelope | undefined
  /** Of all that everybody can read of it. */
  readonly digest: string
  /** What is sealed to this hospital. */
  readonly sealed: Uint8Array | undefined
}

/** A round's messages in the circle, as one hospital may read them. */
export class RoundBoard {
  readonly #circle: Circle
  readonly #seat: Seat
  readonly #me: string
  readonly #round: string

  constructor({ circle, seat, me, round }: { circle: Circle; seat: Seat; me: string; round: string }) {
    this.#circle = circle
    this.#seat = seat
    this.#me = me
    this.#round = round
  }

  /** Everything that was contributed whole to some steps of the app, by sender. */
  async read(first: number, parts: number): Promise<Map<string, Posted>> {
    const pages = await Promise.all(Array.from({ length: parts }, (_, part) => this.#messages(first + part)))
    const senders = [...new Set(pages[0]?.map(({ from }) => from))]
    const whole = senders.filter((from) => pages.every((page) => page.some((message) => message.from === from)))
    return new Map(whole.map((from) => [from, this.#posted(from, pages)]))
  }

  /** What one hospital said in the first part of a step. */
  async readOpen(step: number, from: string): Promise<Posted | undefined> {
    return (await this.read(step, 1)).get(from)
  }

  async #messages(step: number): Promise<readonly Incoming[]> {
    return await this.#circle.call(this.#seat, 'messages_for_me', { round: this.#round, step })
  }

  #posted(from: string, pages: readonly (readonly Incoming[])[]): Posted {
    const parts = pages.map((page) => this.#part(page.filter((message) => message.from === from)))
    const isSound = parts.every(({ envelope, isAsAnnounced }) => envelope !== undefined && isAsAnnounced)
    const sealed = parts.flatMap((part) => (part.sealed === undefined ? [] : [part.sealed]))
    return {
      from,
      envelope: isSound ? parts[0]?.envelope : undefined,
      digest: digestOf(...parts.flatMap(({ open }) => open)),
      sealed: sealed.length > 0 ? Buffer.concat(sealed) : undefined,
    }
  }

  #part(messages: readonly Incoming[]) {
    const bytesOf = (isFor: (to: string | null) => boolean) =>
      messages.filter(({ to }) => isFor(to)).map(({ sealed }) => new Uint8Array(Buffer.from(sealed, 'base64')))
    const open = bytesOf((to) => to === null)
    const forMe = bytesOf((to) => to !== null)
    const [first] = open
    const envelope = first === undefined || open.length > 1 ? undefined : readEnvelope(first)
    const [sealed] = forMe
    const isAsAnnounced = forMe.length < 2 && envelope?.sealed[this.#me] === (sealed === undefined ? undefined : digestOf(sealed))
    return { open, envelope, sealed, isAsAnnounced }
  }
}
