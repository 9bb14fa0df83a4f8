export * from './bundleError.ts'
export * from './readBundle.ts'
export * from './signBundle.ts'
