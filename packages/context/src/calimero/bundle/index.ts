export { readArchive, writeArchive } from './archive.ts'
export * from './bundleError.ts'
export * from './readBundle.ts'
export * from './signBundle.ts'
