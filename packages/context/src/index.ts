export * from './contextConflictError.ts'
export * from './contextUnavailableError.ts'
export * from './privateContext.ts'
