import type { JSX } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import type { Token } from '../network/useToken.ts'
import styles from './StudyForm.module.css'
import type { StudyPreview } from './studyDraft.ts'

/** What one access pays to whom, and how many the deposit reaches for; follows the form as it is typed. */
export function StudyPreviewPanel({ preview, token }: { readonly preview: StudyPreview; readonly token: Token | undefined }): JSX.Element {
  const { shares, accesses, rest, isAffordable } = preview
  return (
    <Panel title="One access pays">
      {shares === undefined || token === undefined ? (
        <p className={styles.note}>Give a price and shares of at most 100 percent.</p>
      ) : (
        <>
          <div className={styles.bar} aria-hidden="true">
            <span className={styles.patient} style={{ flexGrow: Number(shares.patient) }} />
            <span className={styles.hospital} style={{ flexGrow: Number(shares.hospital) }} />
            <span className={styles.pool} style={{ flexGrow: Number(shares.pool) }} />
          </div>
          <Facts
            rows={[
              ['the patient', <Share key="patient" look={styles.patient} amount={shares.patient} token={token} />],
              ['the hospital', <Share key="hospital" look={styles.hospital} amount={shares.hospital} token={token} />],
              ['the pool', <Share key="pool" look={styles.pool} amount={shares.pool} token={token} />],
            ]}
          />
        </>
      )}
      {accesses !== undefined && token !== undefined && (
        <div aria-live="polite">
          <p className={styles.sum}>{countOf(Number(accesses), 'access', 'accesses')}</p>
          <p className={styles.note}>
            the deposit pays for
            {rest !== undefined && rest > 0n && (
              <>
                , <Amount amount={rest} unit={token} /> is left over
              </>
            )}
            .{isAffordable === false && ' With the bond it is more than your account holds.'}
          </p>
        </div>
      )}
    </Panel>
  )
}

function Share({
  look,
  amount,
  token,
}: {
  readonly look: string | undefined
  readonly amount: bigint
  readonly token: Token
}): JSX.Element {
  return (
    <span className={styles.share}>
      <span className={`${styles.key} ${look}`} aria-hidden="true" />
      <Amount amount={amount} unit={token} />
    </span>
  )
}
