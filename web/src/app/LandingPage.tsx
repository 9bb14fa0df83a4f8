import { Title } from '@mantine/core'
import { ArrowRight, FlaskConical, HeartPulse, Hospital, type LucideIcon } from 'lucide-react'
import type { JSX } from 'react'
import { Link } from 'react-router'
import { Brand } from '../ui/Brand.tsx'
import { ColourSchemeButton } from '../ui/ColourSchemeButton.tsx'
import { Panel } from '../ui/layout/Panel.tsx'
import { TextLink } from '../ui/TextLink.tsx'
import { ConsentSlip } from './ConsentSlip.tsx'
import styles from './site.module.css'

type Door = {
  readonly to: string
  readonly title: string
  readonly text: string
  readonly enter: string
  readonly icon: LucideIcon
  readonly look?: string | undefined
}

const doors: readonly Door[] = [
  {
    to: '/patient',
    title: 'I am a patient',
    text: 'Decide who may use your record, see every use, collect what you earned, and end a consent at any time.',
    enter: 'Patient portal',
    icon: HeartPulse,
  },
  {
    to: '/research',
    title: 'I do research',
    text: 'Fund a study, ask for data that patients agreed to share, and open it with a key that only you hold.',
    enter: 'Research portal',
    icon: FlaskConical,
    look: styles.research,
  },
  {
    to: '/hospital',
    title: 'I work at a hospital',
    text: 'Keep records where they are. Requests are answered within each patient’s consent, with the proof that it was kept.',
    enter: 'Hospital portal',
    icon: Hospital,
    look: styles.hospital,
  },
]

const steps: readonly (readonly [string, string])[] = [
  ['The hospital keeps the record', 'It is checked, encrypted and stored by that hospital alone. You link it to yourself with a code.'],
  [
    'You say who, what for, which data, how long',
    'A sealed fingerprint of your decision goes on a public chain. What it says stays private.',
  ],
  ['A study pays up front', 'Researchers put the price of each access in escrow before anyone looks at anything.'],
  [
    'The hospital asks the chain',
    'Consent there, at this moment? Then only the agreed part leaves, encrypted to that researcher. If not, nothing does.',
  ],
  [
    'You see it, and you are paid',
    'The hospital’s gateway writes every access and every refusal where no one can remove it. Your share is yours to collect.',
  ],
  ['You can end it', 'Revoke, and the next request is refused.'],
]

/** The front door: what MedSync is, in plain words, and the way into the three portals. */
export function LandingPage(): JSX.Element {
  return (
    <>
      <title>MedSync: your health data, your decision</title>
      <header className={styles.top}>
        <Brand sizePx={34} />
        <span className={styles.name}>MedSync</span>
        <ColourSchemeButton />
      </header>
      <main className={styles.landing}>
        <section className={styles.hero}>
          <div>
            <Title order={1} tabIndex={-1} data-page-heading="">
              Your health data. Your decision. On the record.
            </Title>
            <p className={styles.lead}>
              MedSync lets patients decide who may use their health records, what for, and until when. What hospitals did about it can be
              checked, and the patient is paid for the use.
            </p>
          </div>
          <ConsentSlip />
        </section>
        <nav aria-label="Portals">
          <ul className={styles.doors}>
            {doors.map(({ to, title, text, enter, icon: Icon, look }) => (
              <li key={to}>
                <Link to={to} className={look === undefined ? (styles.door ?? '') : `${styles.door} ${look}`}>
                  <span className={styles.doorIcon}>
                    <Icon size={24} aria-hidden="true" />
                  </span>
                  <Title order={2} size="h3">
                    {title}
                  </Title>
                  <p>{text}</p>
                  <span className={styles.enter}>
                    {enter} <ArrowRight size={17} aria-hidden="true" />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <section>
          <Title order={2}>How it works</Title>
          <ol className={styles.steps}>
            {steps.map(([title, text]) => (
              <li key={title}>
                <p>
                  <strong>{title}</strong>
                  {text}
                </p>
              </li>
            ))}
          </ol>
        </section>
        <div className={styles.facts}>
          <Panel title="What anyone can see">
            <ul>
              <li>That an account gave, changed or ended a consent, as a fingerprint that says nothing more.</li>
              <li>That a study asked a hospital about an account, and whether it got an access or a refusal.</li>
              <li>Once an access is paid: who, what for and until when of that one consent. Never which data.</li>
              <li>That a hospital used data of an account in an emergency, and which of five reasons it gave.</li>
              <li>A study’s offer: what it pays, to whom, until when.</li>
            </ul>
          </Panel>
          <Panel title="What nobody can see">
            <ul>
              <li>Your name, your record, or what is in it. That never goes on the chain.</li>
              <li>Which data you share, and what any consent says that no access was paid under: only those it concerns know.</li>
              <li>Your keys. They stay in your wallet and in this browser’s memory.</li>
            </ul>
          </Panel>
        </div>
        <p>
          What MedSync cannot guarantee today: <TextLink to="/limits">Known limits</TextLink>
        </p>
      </main>
    </>
  )
}
