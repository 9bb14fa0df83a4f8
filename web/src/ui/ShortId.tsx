import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import type { JSX } from 'react'
import { shortenId } from './format/shortenId.ts'
import styles from './ShortId.module.css'

/** An address or hash, shortened, with a button that copies it whole. `kind` says what it is to those who only hear it. */
export function ShortId({ id, kind }: { readonly id: string; readonly kind: string }): JSX.Element {
  return (
    <span className={styles.id}>
      <code title={id}>{shortenId(id)}</code>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : `Copy ${kind}`}>
            <ActionIcon
              variant="subtle"
              size="sm"
              color={copied ? 'pine' : 'gray'}
              onClick={copy}
              aria-label={`Copy ${kind} ${shortenId(id)}`}
            >
              {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  )
}
