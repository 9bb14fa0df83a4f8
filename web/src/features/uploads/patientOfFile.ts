import * as z from 'zod'
import { isGzip } from './uploadBundle.ts'

/** The Patient of a file, as the comparison shows it. */
export type PatientOfFile = { readonly name: string; readonly birthDate: string; readonly identifiers: readonly string[] }

const text = z.string().optional().catch(undefined)
const bundleShape = z.looseObject({ entry: z.array(z.looseObject({ resource: z.looseObject({ resourceType: text }).optional() })) })
const nameShape = z.looseObject({ use: text, text, family: text, given: z.array(z.unknown()).optional().catch(undefined) })
const patientShape = z.looseObject({
  name: z.array(nameShape).catch([]),
  birthDate: text,
  identifier: z.array(z.looseObject({ system: text, value: text })).catch([]),
})
/** Beyond what a person compares. */
const MOST_IDENTIFIERS = 6

/**
 * Reads the Patient of a FHIR Bundle, plain or gzip, in this browser; nothing is sent.
 * @returns Undefined when the file holds none that can be read.
 */
export async function patientOfFile(file: Blob): Promise<PatientOfFile | undefined> {
  const content = (await isGzip(file)) ? new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))) : new Response(file)
  const bundle = bundleShape.safeParse(await content.json().catch(() => undefined))
  const found = bundle.data?.entry.find(({ resource }) => resource?.resourceType === 'Patient')?.resource
  const patient = patientShape.safeParse(found)
  if (!patient.success) return undefined
  const { name, birthDate = '', identifier } = patient.data
  const shown = name.find(({ use }) => use === 'official') ?? name[0]
  const given = (shown?.given ?? []).filter((one) => typeof one === 'string')
  return {
    name: shown?.text ?? [...given, shown?.family ?? ''].join(' ').trim(),
    birthDate,
    identifiers: identifier
      .flatMap(({ system, value }) => (value === undefined ? [] : `${value} (${system ?? 'no system'})`))
      .slice(0, MOST_IDENTIFIERS),
  }
}
