import type { Readable } from 'node:stream'

/**
 * Reads what is left of a body and throws it away, so that a browser still sending can hear the answer; a connection closed on unread bytes is reset and
 * the answer lost. Gives up after `maxBytes` or `maxMs`, so that nobody can keep us listening.
 * @returns Whether the body was read to its end.
 */
export async function drainBody(
  body: Readable,
  { maxBytes, maxMs }: { readonly maxBytes: number; readonly maxMs: number },
): Promise<boolean> {
  if (body.readableEnded || body.destroyed) return true
  let bytes = 0
  return new Promise((resolve) => {
    const finish = (wasWhole: boolean) => (): void => {
      clearTimeout(timer)
      body.off('data', count).off('end', whole).off('error', cut).off('close', cut)
      body.pause()
      resolve(wasWhole)
    }
    const whole = finish(true)
    const cut = finish(false)
    const timer = setTimeout(cut, maxMs)
    const count = (chunk: Uint8Array): void => {
      bytes += chunk.length
      if (bytes > maxBytes) cut()
    }
    body.on('data', count).on('end', whole).on('error', cut).on('close', cut)
    body.resume()
  })
}
