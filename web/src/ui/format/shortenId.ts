/**
 * Enough of an address or hash to tell it from others at a glance.
 * @example
 * shortenId('0x64b48806902a367c8598f4f95c305e8c1a1acba5f082d294a43793113115691') // '0x64b4…5691'
 */
export function shortenId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`
}
