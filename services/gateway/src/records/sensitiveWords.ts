import type { SensitivityKey } from '@medsync/protocol'

/**
 * Words by which a text names something sensitive. Compared without case, at the beginning of a word. It is no finding about the patient ("no HIV" counts too): a text that
 * so much as mentions one of these needs the patient's permission for it. No list of words is complete; see "Known limits".
 */
const WORDS: Readonly<Record<Exclude<SensitivityKey, 'restricted'>, string>> = {
  'mental-health':
    'psych|schizo|bipolar|manic|mania|depressi|depressed mood|anxiety|panic attack|suicid|self.?harm|overdose|ptsd|post.?traumatic|anorexi|bulimi|eating disorder|personality disorder|hallucinat|delusion|lithium|clozapin|olanzapin|risperidon|quetiapin|aripiprazol|haloperidol|sertralin|fluoxetin|citalopram|escitalopram|paroxetin|venlafaxin|mirtazapin|adhd|autis|sectioned|phq-?\\d|gad-?7',
  'substance-use':
    'alcohol|drink(?:s|ing)? (?:heav|too|daily|wine|beer|vodka|whisk)|(?:he|she|they) drinks|drunk|intoxicat|cocaine|crack\\b|heroin|opioid|opiate|methadon|buprenorphin|suboxon|naltrexon|naloxon|disulfiram|acamprosat|amphetamin|cannabis|marijuana|ecstasy|ketamine use|addict|substance (?:use|misuse|abuse)|drug (?:use|misuse|abuse)|withdrawal|needle exchange|detox|aud(?:it)?-?c\\b',
  'sexual-health':
    'sexual|sexually|std\\b|sti\\b|chlamydia|gonorrh|syphilis|herpes|hpv|genital|contracepti|abortion|termination of pregnancy|miscarriage|pregnan|gravida|infertil|in vitro fertil|erectile|libido|transgender|gender (?:dysphoria|identity)|hysterectom|vasectom|levonorgestrel|mifepriston|condom',
  hiv: 'hiv\\b|hiv-?\\d|aids\\b|antiretroviral|retroviral|cd4|viral load|pre-?exposure|tenofovir|emtricitabin|dolutegravir|bictegravir|efavirenz|lamivudin|zidovudin|abacavir|ritonavir|biktarvy|truvada|kaposi|pneumocystis',
  violence:
    'violen|abus|assault|rape\\b|raped|domestic|partner hit|hits? (?:her|him)|beaten|battered|stab(?:bed|bing)|gunshot|neglect|traffick|female genital|fgm\\b|safeguard|afraid of (?:her|his|their)',
  genetic:
    'genetic|gene\\b|genes\\b|genom|brca|mutation|carrier (?:of|for|status)|hereditar|karyotyp|trisomy|lynch syndrome|huntington|cystic fibrosis|sickle|thalassa?emi|exome|heterozyg|homozyg|apoe',
}

const PATTERNS = Object.entries(WORDS).map(([key, words]) => ({
  key: key as SensitivityKey,
  pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})`, 'iu'),
}))

/** The kinds of sensitive information that a text names in words. */
export function sensitivitiesNamed(text: string): SensitivityKey[] {
  return PATTERNS.filter(({ pattern }) => pattern.test(text)).map(({ key }) => key)
}
