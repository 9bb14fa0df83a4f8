import type { JSX } from 'react'
import { Link } from 'react-router'
import { Brand } from '../../ui/Brand.tsx'
import { ColourSchemeButton } from '../../ui/ColourSchemeButton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import styles from './TransactionPage.module.css'

const SECTIONS: readonly { readonly title: string; readonly limits: readonly string[] }[] = [
  {
    title: 'Data that is released',
    limits: [
      'Names, addresses and numbers are searched for in free text and taken out. A nickname, initials, a birth date or a relative’s name can be missed.',
      'A text that names a sensitive topic which the consent does not include is withheld by a list of English words. No such list is complete: notes can mention anything.',
      'A consent for data of some years releases notes of those years, and a note can tell about any other time.',
      'Pictures, PDFs and other documents that are not plain text are never released.',
      'Ids are replaced, dates and codes are not. Somebody who knows a person well may recognise them.',
      'What has been released cannot be called back.',
    ],
  },
  {
    title: 'The public chain',
    limits: [
      'It shows what hospitals recorded with MedSync. It cannot show that a hospital gave nothing to anybody in another way. A request that runs out leaves no entry in the access log.',
      'An emergency access shows the account, the hospital and one of five reasons to everybody.',
      'The smallest cohort of a study counts everybody who was asked, also accounts that are refused later. It does not protect against an office that asks about accounts of its own.',
      'New roles, a new owner and new code wait two days. Naming another account to act for an organisation, changing where its rewards go, and reinstating it do not wait. An offer of the ownership has no end.',
    ],
  },
  {
    title: 'Hospitals computing together',
    limits: [
      'In one round nobody sees another hospital’s numbers. A member that leaves hospitals out of the later steps of two rounds can learn one hospital’s sum by subtracting.',
      'Two exact answers about nearly the same people can tell about the few in between: under another code of the same measurement, after a correction, or for studies with nearly the same criteria. Answers with noise bound what such a difference tells.',
      'All hospitals of a round see the exact size of each group, also of small ones that are withheld, and nothing counts how often they are asked about.',
      'Many rankings one after the other, with invented cases among them, can tell scores of other hospitals. Allocation shows ranks under a pseudonym that stays the same.',
      'With three hospitals, two together learn the sum of the third, and a false rank can go unnoticed.',
      'What a hospital remembers of its own questions, and of what noise cost, can be overwritten or filled with false entries by another member.',
      'One person with a very large value can be most of a sum.',
    ],
  },
  {
    title: 'Urgency and matching',
    limits: [
      'There is no score for children and in pregnancy. Such a case stands at 25 until somebody decides.',
      'Codes match only when they are equal: a narrower code of an excluded disease is not excluded.',
      'Nothing here is a medical device, and nothing replaces the ward’s own early warning.',
    ],
  },
]

/** What MedSync cannot guarantee today, for people; `KNOWN-LIMITS.md` of the project names the code and what is planned. */
export function LimitsPage(): JSX.Element {
  return (
    <>
      <header className={styles.top}>
        <Link to="/" className={styles.brand ?? ''} aria-label="MedSync, to the start">
          <Brand />
          <span className={styles.name}>MedSync</span>
        </Link>
        <ColourSchemeButton />
      </header>
      <main className={styles.main}>
        <Page
          title="Known limits"
          lead="What MedSync cannot guarantee today, though one could expect it to. The file KNOWN-LIMITS.md of the project names the code and says what is planned."
        >
          {SECTIONS.map(({ title, limits }) => (
            <Panel key={title} title={title}>
              <ul>
                {limits.map((limit) => (
                  <li key={limit}>{limit}</li>
                ))}
              </ul>
            </Panel>
          ))}
        </Page>
      </main>
    </>
  )
}
