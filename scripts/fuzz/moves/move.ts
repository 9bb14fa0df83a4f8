import type { Call } from '../../../test/model/world.ts'
import type { Scene } from '../scene.ts'

/** A way to go on: how often it is taken beside the others, and the calls that it makes up. */
export type Move = { readonly weight: number; readonly make: (scene: Scene) => Call[] }
