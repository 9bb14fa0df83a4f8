import type { JSX } from 'react'

/** MedSync's mark: who gives and who asks, and in gold what both agreed to. Decoration only; the name stands beside it. */
export function Brand({ sizePx = 30 }: { readonly sizePx?: number }): JSX.Element {
  return (
    <svg width={sizePx} height={sizePx} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#155d47" />
      <path d="M16 10.5a6.5 6.5 0 0 1 0 11 6.5 6.5 0 0 1 0-11z" fill="#e0b252" />
      <g fill="none" stroke="#eff8f4" strokeWidth="2">
        <circle cx="12.5" cy="16" r="6.5" />
        <circle cx="19.5" cy="16" r="6.5" />
      </g>
    </svg>
  )
}
