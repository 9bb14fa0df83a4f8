/** One message of a stream of server-sent events. */
export type StreamMessage = { readonly id: string | undefined; readonly data: string }

/**
 * Reads server-sent events from text as it comes in, however it was cut.
 * @param chunks - Decoded text of the answer's body.
 * @source HTML Living Standard, 9.2.6 Interpreting an event stream.
 */
export async function* readEventStream(chunks: AsyncIterable<string>): AsyncGenerator<StreamMessage> {
  let rest = ''
  let id: string | undefined
  let data: string[] = []
  for await (const chunk of chunks) {
    // A CR at the very end may be half of a CRLF: it waits for the next chunk.
    const text = rest + chunk
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, data: data.join('\n') }
        data = []
        continue
      }
      const { field, value } = parseLine(line)
      if (field === 'data') data.push(value)
      if (field === 'id' && !value.includes('\0')) id = value
    }
  }
}

function parseLine(line: string): { field: string; value: string } {
  const colon = line.indexOf(':')
  if (colon < 0) return { field: line, value: '' }
  return { field: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') }
}
