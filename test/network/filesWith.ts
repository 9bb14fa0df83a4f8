import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below a folder that hold a text: as it is, in hex, in base64 wherever it begins, or as a JSON list of its bytes. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  return (await filesWithAny(folder, [text])).map(({ file }) => file)
}

/** The same of several texts, each file read once; names each text that a file holds. */
export async function filesWithAny(folder: string, texts: readonly string[]): Promise<{ file: string; text: string }[]> {
  const forms = texts.map((text) => ({ text, forms: formsOf(text) }))
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: { file: string; text: string }[] = []
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name)
    const bytes = await readFile(file)
    for (const each of forms) if (holds(bytes, each.forms)) found.push({ file, text: each.text })
  }
  return found
}

function holds(bytes: Buffer, forms: readonly string[]): boolean {
  return forms.some((form) => bytes.includes(form, 0, 'latin1'))
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text)
  // Three bytes are four letters: by where the text begins, its middle is written in one of three ways.
  const shifts = [0, 1, 2].map((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    return coded.slice(Math.ceil((shift * 4) / 3) + 1, -4)
  })
  return [text, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), [...bytes].join(','), [...bytes].join(', '), ...shifts]
}
