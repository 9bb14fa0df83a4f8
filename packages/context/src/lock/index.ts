export { lockFile } from './lockFile.ts'
