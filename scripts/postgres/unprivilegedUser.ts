import { runCommand } from '../runCommand.ts'

/** A user that a program is run as. */
export interface SystemUser {
  uid: number
  gid: number
}

/** Who a Postgres server runs as when this process is root, which it refuses: `postgres`, else `nobody`. Undefined when not root. */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = await runCommand('id', ['-u', name])
    const gid = await runCommand('id', ['-g', name])
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) }
  }
  return undefined
}
