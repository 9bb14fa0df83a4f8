import { errorWords, MedsyncError } from '@medsync/protocol'
import type { Problem } from '../../ui/ProblemNotice.tsx'
import { GatewayError } from './GatewayError.ts'
import { PortalError } from './PortalError.ts'

/** Words for anything that was thrown. What nobody foresaw is said to be so, and its message goes to the console alone. */
export function problemOf(error: unknown): Problem {
  if (error instanceof GatewayError) return { code: error.code, what: error.what, hint: error.hint, id: error.id }
  if (error instanceof PortalError || error instanceof MedsyncError) return { code: error.code, what: error.what, hint: error.hint }
  console.error(error)
  const { what, hint } = errorWords['server/internal']
  return { code: 'server/internal', what: what.replace(' on our side', ''), hint: hint.replace(/;.*/, '.') }
}
