export * from './contextConflictError.ts'
export * from './privateContext.ts'
