/** Calls `visit` for every object in a JSON value, with the name of the field it stands in. */
export function walkResource(value: unknown, visit: (object: Readonly<Record<string, unknown>>, field: string) => void, field = ''): void {
  if (Array.isArray(value)) {
    for (const item of value) walkResource(item, visit, field)
  } else if (typeof value === 'object' && value !== null) {
    const object = value as Readonly<Record<string, unknown>>
    visit(object, field)
    for (const [name, inner] of Object.entries(object)) walkResource(inner, visit, name)
  }
}
