import { shortString } from './hashes.ts'
import { Table } from './table.ts'
import { type Call, type Contract, check, type World } from './world.ts'

export const VALID = shortString('VALID')

/** A call that is kept for later. */
export type Reaction = Pick<Call, 'to' | 'fn' | 'args'>

/** Does what a contract was told to do whenever somebody asks it for something; whatever comes of it. */
export function reactionsModel(world: World, address: bigint) {
  const reactions = new Table<Reaction | undefined>(world.journal, undefined)
  return {
    set: (reaction: Reaction): void => reactions.set([0n], reaction),
    /** One when the call went through, else the text it failed with; undefined when nothing is to be done. */
    react: (): string | undefined => {
      const reaction = reactions.get(0n)
      if (reaction === undefined || reaction.to === 0n) return undefined
      const outcome = world.attempt({ from: address, ...reaction })
      return outcome.isOk ? '1' : outcome.error
    },
  }
}

/** An account that answers `is_valid_signature` as badly as it is told to. */
export function puppetModel(world: World, address: bigint) {
  const manners = new Table(world.journal, 0n)
  const reactions = reactionsModel(world, address)
  const functions: Contract['functions'] = {
    set_manner: (_, manner: bigint) => {
      manners.set([0n], manner)
      return []
    },
    set_reaction: (_, reaction: Reaction) => {
      reactions.set(reaction)
      return []
    },
    is_valid_signature: (_, hash: bigint, signature: readonly bigint[]) => {
      reactions.react()
      const manner = manners.get(0n)
      check(manner !== 3n, 'Puppet: told to fail')
      if (manner === 1n) return { values: [VALID] }
      if (manner === 4n) return { values: [1n] }
      if (manner === 5n) return { values: [VALID, VALID] }
      if (manner === 6n) return { values: [] }
      const isSigned = manner === 0n && signature.length === 1 && signature[0] === hash
      return { values: [isSigned ? VALID : 0n] }
    },
  }
  return world.add({ address, kind: 'puppet', functions, manners })
}
