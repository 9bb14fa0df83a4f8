import { VisuallyHidden } from '@mantine/core'
import type { JSX } from 'react'
import styles from './ScoreBadge.module.css'

/** Scores from here on stand for a medium, and from there on for a high clinical risk, or for something unknown. */
const MEDIUM_FROM = 25
const HIGH_FROM = 55

/** A score from 0 to 100; the colour only repeats the number. */
export function ScoreBadge({ score, isLarge = false }: { readonly score: number; readonly isLarge?: boolean }): JSX.Element {
  const tone = score >= HIGH_FROM ? styles.high : score >= MEDIUM_FROM ? styles.medium : styles.low
  return (
    <span className={`${styles.badge} ${tone} ${isLarge ? styles.large : ''}`} data-score={score}>
      <VisuallyHidden>Score </VisuallyHidden>
      {score}
      <VisuallyHidden> of 100</VisuallyHidden>
    </span>
  )
}
