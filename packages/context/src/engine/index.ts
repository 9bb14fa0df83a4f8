export * from './contextEngine.ts'
export * from './engineErrors.ts'
export * from './engineErrorWords.ts'
export * from './eventHub.ts'
