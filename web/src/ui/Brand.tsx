import type { JSX } from 'react'

/** MedSync's mark: two halves that agree, one for who gives and one for who asks. Decoration only; the name stands beside it. */
export function Brand({ sizePx = 30 }: { readonly sizePx?: number }): JSX.Element {
  return (
    <svg width={sizePx} height={sizePx} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#155d47" />
      <g fill="none" strokeWidth="2.6" strokeLinecap="round">
        <path d="M20.2 9.6a7 7 0 1 0 0 12.8" stroke="#eff8f4" />
        <path d="M11.8 22.4a7 7 0 1 0 0-12.8" stroke="#e0b252" />
      </g>
    </svg>
  )
}
