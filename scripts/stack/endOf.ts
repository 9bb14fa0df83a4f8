import { ChoreError } from '../choreError.ts'
import type { Child } from '../processes/startChild.ts'
import { logTail } from './startGateway.ts'

/**
 * Waits until a part of the stack ends by itself.
 * @throws {ChoreError} `start/part-ended`, with the end of its log.
 */
export async function endOf(child: Child): Promise<never> {
  const code = await child.ended
  const log = child.logPath === undefined ? '' : `\n${await logTail(child.logPath)}\n`
  throw new ChoreError(
    'start/part-ended',
    `The ${child.name} ended by itself (code ${code}).${log}`,
    `Its whole log is ${child.logPath}. Start again with \`npm start\`.`,
  )
}
