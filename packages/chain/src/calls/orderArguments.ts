import type { ConsentOrder } from '@medsync/protocol'

/** An order, as the contract takes it. */
export function orderArguments({ revoke, replace, grant }: ConsentOrder) {
  return { revoke: [...revoke], replace: replace.map((each) => ({ old: each.old, new: each.new })), grant: [...grant] }
}
