export * from '../generated/appMethods.ts'
export * from './appFailureOf.ts'
export * from './callApp.ts'
