import { VisuallyHidden } from '@mantine/core'
import type { OrganisationId, RoundDetail } from '@medsync/protocol'
import { Check, Ellipsis, Minus } from 'lucide-react'
import type { JSX } from 'react'
import { useOrganisationName } from '../network/useNetwork.ts'
import styles from './ContributionGrid.module.css'
import { contributionsOf, type Standing } from './contributionsOf.ts'
import { stepNote, stepWords } from './roundWords.ts'

const WORDS: Readonly<Record<Standing, string>> = {
  done: 'has contributed',
  waited: 'is waited for',
  not: 'has not contributed',
  later: 'not yet',
}
const ICONS = { done: Check, waited: Ellipsis, not: Minus, later: undefined } as const

/** Who has contributed to which step: a row for each hospital, a column for each step, and below what the steps are. */
export function ContributionGrid({ round }: { readonly round: RoundDetail }): JSX.Element {
  const nameOf = useOrganisationName()
  const rows = contributionsOf(round)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: with many steps the table scrolls, and a keyboard has to reach it */}
      <section className={styles.scroll} tabIndex={0} aria-label="Contributions, scrolls sideways">
        <table className={styles.grid}>
          <caption className={styles.caption}>Which hospital has contributed to which step</caption>
          <thead>
            <tr>
              <th scope="col">Hospital</th>
              {round.steps.map(({ name }, index) => (
                <th key={name} scope="col" aria-current={name === round.step && round.state === 'opened' ? 'step' : undefined}>
                  <span aria-hidden="true">{index + 1}</span>
                  <VisuallyHidden>
                    Step {index + 1}, {stepWords(name)}
                  </VisuallyHidden>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ organisation, standings }) => (
              <Row key={organisation} name={nameOf(organisation)} organisation={organisation} standings={standings} />
            ))}
          </tbody>
        </table>
      </section>
      <ol className={styles.steps}>
        {round.steps.map(({ name }) => (
          <li key={name} aria-current={name === round.step && round.state === 'opened' ? 'step' : undefined}>
            <strong>{stepWords(name)}.</strong> {stepNote(name)}
          </li>
        ))}
      </ol>
    </>
  )
}

function Row({
  name,
  organisation,
  standings,
}: {
  readonly name: string
  readonly organisation: OrganisationId
  readonly standings: readonly { readonly step: string; readonly standing: Standing }[]
}): JSX.Element {
  return (
    <tr data-party={organisation}>
      <th scope="row">{name}</th>
      {standings.map(({ step, standing }) => {
        const Icon = ICONS[standing]
        return (
          <td key={step} data-standing={standing}>
            <span className={`${styles.cell} ${styles[standing]}`}>{Icon !== undefined && <Icon size={16} aria-hidden="true" />}</span>
            <VisuallyHidden>{WORDS[standing]}</VisuallyHidden>
          </td>
        )
      })}
    </tr>
  )
}
