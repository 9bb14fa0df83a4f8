import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below a folder that hold a text: as it is, in hex, in base64 wherever it begins, or as a JSON list of its bytes. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const forms = formsOf(text)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const holding = await Promise.all(files.map(async (file) => holds(await readFile(file), forms)))
  return files.filter((_, index) => holding[index])
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
