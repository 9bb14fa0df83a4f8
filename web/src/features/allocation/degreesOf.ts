/**
 * Reads a place as maps give it; undefined when it is none on earth.
 * @example
 * degreesOf('52.5251, 13.3765') // { latitude: 52.5251, longitude: 13.3765 }
 */
export function degreesOf(text: string): { readonly latitude: number; readonly longitude: number } | undefined {
  const match = /^\s*(-?\d{1,3}(?:\.\d{1,10})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,10})?)\s*$/.exec(text)
  if (match === null) return undefined
  const [latitude, longitude] = [Number(match[1]), Number(match[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined
}
