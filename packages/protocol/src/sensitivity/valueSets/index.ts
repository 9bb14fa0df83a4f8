import type { SensitiveValueSet } from '../valueSet.ts'
import { GENETICS } from './genetics.ts'
import { HIV } from './hiv.ts'
import { MENTAL_HEALTH } from './mentalHealth.ts'
import { SEXUAL_HEALTH } from './sexualHealth.ts'
import { SUBSTANCE_USE } from './substanceUse.ts'
import { VIOLENCE } from './violence.ts'

/** One set for each kind that codes can tell. */
export const VALUE_SETS: readonly SensitiveValueSet[] = [MENTAL_HEALTH, SUBSTANCE_USE, SEXUAL_HEALTH, HIV, VIOLENCE, GENETICS]
