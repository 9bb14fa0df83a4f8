import { MedsyncError } from '@medsync/protocol'

/** As much of a failure as may stand in a log: its name, its code and where it happened. Messages can quote what was sent, so they stay out. */
export type Frames = { readonly name: string; readonly code?: string; readonly frames: string[]; readonly cause?: Frames }

/** @param failure - Whatever was thrown. */
export function framesOf(failure: unknown): Frames | undefined {
  if (failure === undefined || failure === null) return undefined
  if (!(failure instanceof Error)) return { name: typeof failure, frames: [] }
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : undefined
  const cause = framesOf(failure.cause)
  return {
    name: failure.name,
    ...(failure instanceof MedsyncError || code !== undefined ? { code: code ?? '' } : {}),
    frames: (failure.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim()),
    ...(cause === undefined ? {} : { cause }),
  }
}
