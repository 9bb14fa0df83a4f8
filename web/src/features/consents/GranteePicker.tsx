import { Radio, TextInput } from '@mantine/core'
import type { OrganisationId } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { type JSX, useState } from 'react'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { organisationsQuery } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './ConsentForm.module.css'

/** From this many organisations on, a search helps more than it stands in the way. */
const SEARCH_FROM = 9

export type GranteePickerProps = {
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (grantee: OrganisationId) => void
}

/** Who may use the data: the organisations that the chain has admitted, research offices first. */
export function GranteePicker({ value, error, onChange }: GranteePickerProps): JSX.Element {
  const { data, error: failure, refetch } = useQuery(organisationsQuery)
  const [search, setSearch] = useState('')
  if (failure !== null && data === undefined) return <ProblemNotice problem={problemOf(failure)} onRetry={() => void refetch()} />
  if (data === undefined) return <ListSkeleton rows={2} heightPx={72} what="the organisations" />
  const active = data.filter(({ standing, organisation }) => standing === 'active' || organisation === value)
  if (active.length === 0) return <Notice>No organisation has been admitted yet, so there is nobody to give a consent to.</Notice>
  const matching = active.filter(
    ({ name, organisation }) => organisation === value || name.toLowerCase().includes(search.trim().toLowerCase()),
  )
  return (
    <>
      {active.length >= SEARCH_FROM && (
        <TextInput
          label="Search organisations"
          leftSection={<Search size={16} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          mb="sm"
        />
      )}
      <Radio.Group
        aria-label="Who may use your data"
        value={value}
        error={error}
        onChange={(chosen) => {
          const found = active.find(({ organisation }) => organisation === chosen)
          if (found !== undefined) onChange(found.organisation)
        }}
      >
        {(['research', 'hospital'] as const).map((role) => {
          const group = matching.filter((organisation) => organisation.role === role)
          if (group.length === 0) return null
          return (
            <div key={role}>
              <p className={styles.groupName}>{role === 'research' ? 'Research offices' : 'Hospitals'}</p>
              <div className={styles.options}>
                {group.map(({ organisation, name }) => (
                  <Radio.Card key={organisation} value={organisation} className={styles.option ?? ''}>
                    <Radio.Indicator />
                    <span className={styles.optionName}>{name}</span>
                  </Radio.Card>
                ))}
              </div>
            </div>
          )
        })}
      </Radio.Group>
    </>
  )
}
