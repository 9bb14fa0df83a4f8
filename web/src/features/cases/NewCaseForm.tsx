import { Button, Checkbox, NativeSelect, Radio, TextInput } from '@mantine/core'
import { caseIdSchema, SPECIALTIES } from '@medsync/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FileStack, Search } from 'lucide-react'
import { type FormEvent, type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import * as z from 'zod'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Explained } from '../../ui/Explained.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { allRecordsQuery, searchRecords } from '../hospitalRecords/useHospitalRecords.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { specialtyWords } from './caseWords.ts'
import styles from './NewCaseForm.module.css'
import { emptyCaseDraft, type NewCaseDraft, newCaseOf, problemsOfCase } from './newCaseDraft.ts'

/** So many records are shown at once; a search finds the rest. */
const SHOWN = 12
/** The answer's other fields are loaded again with the case. */
const openedSchema = z.object({ case: caseIdSchema })

/** Opens a case of one of the hospital's records. */
export function NewCaseForm({ record = '' }: { readonly record?: string }): JSX.Element {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [draft, setDraft] = useState<NewCaseDraft>(() => ({ ...emptyCaseDraft(Date.now()), record }))
  const [isTried, setIsTried] = useState(false)
  const problems = problemsOfCase(draft, Date.now())
  const shown = isTried ? problems : {}
  const open = useMutation({
    mutationFn: () => callGateway({ path: '/hospital/cases', answer: openedSchema, method: 'POST', body: newCaseOf(draft) }),
    onSuccess: async (opened) => {
      await queries.invalidateQueries({ queryKey: ['mine', 'cases'] })
      await navigate(`/hospital/cases/${opened.case}`)
    },
  })
  const put = (change: Partial<NewCaseDraft>): void => setDraft((before) => ({ ...before, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (Object.keys(problems).length === 0 && !open.isPending) open.mutate()
  }
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      <Panel title="Whose case is it?">
        <RecordPicker value={draft.record} error={shown.record} onChange={(chosen) => put({ record: chosen })} />
      </Panel>
      <Panel title="What is needed">
        <div className={styles.grid}>
          <NativeSelect
            label="Specialty"
            value={draft.specialty}
            onChange={(event) => put({ specialty: event.currentTarget.value })}
            data={SPECIALTIES.map((specialty) => ({ value: specialty, label: specialtyWords(specialty) }))}
          />
          <TextInput
            type="datetime-local"
            label="Arrived at"
            value={draft.arrivedAt}
            error={shown.arrivedAt}
            onChange={(event) => put({ arrivedAt: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="Observations count from"
            description="Empty: 12 hours before arrival"
            value={draft.episodeFrom}
            error={shown.episodeFrom}
            onChange={(event) => put({ episodeFrom: event.currentTarget.value })}
          />
        </div>
        <div className={styles.checks}>
          <Checkbox
            label="An oxygen target of 88 to 92 % was prescribed"
            description="Only for this patient, by a clinician"
            checked={draft.needsScale2}
            onChange={(event) => put({ needsScale2: event.currentTarget.checked })}
          />
          <p className={styles.explained}>
            <Explained word="What an oxygen target changes">
              Oxygen saturation then counts on scale 2 of NEWS2, for people whose lungs keep carbon dioxide back. It gives fewer points to
              low values, so no diagnosis in the record ever switches it on.
            </Explained>
          </p>
          <Checkbox
            label="The patient is pregnant"
            description="NEWS2 does not apply then: a clinician sets the score"
            checked={draft.isPregnant}
            onChange={(event) => put({ isPregnant: event.currentTarget.checked })}
          />
        </div>
      </Panel>
      <div className={styles.foot}>
        <Button type="submit" size="md" loading={open.isPending}>
          Add the case
        </Button>
        {isTried && Object.keys(problems).length > 0 && (
          <p className={styles.error} role="alert">
            {Object.values(problems)[0]}
          </p>
        )}
      </div>
      {open.isError && <ProblemNotice problem={problemOf(open.error)} />}
    </form>
  )
}

function RecordPicker({
  value,
  error,
  onChange,
}: {
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (record: string) => void
}): JSX.Element {
  const records = useQuery(allRecordsQuery)
  const [search, setSearch] = useState('')
  if (records.isPending) return <ListSkeleton what="the records" heightPx={56} />
  if (records.isError) return <ProblemNotice problem={problemOf(records.error)} onRetry={() => void records.refetch()} />
  if (records.data.length === 0) {
    return (
      <EmptyState icon={FileStack} title="No record is here yet" action={<ButtonLink to="/hospital/upload">Upload records</ButtonLink>}>
        A case belongs to a record of your hospital. Upload one first.
      </EmptyState>
    )
  }
  const found = searchRecords(records.data, search)
  const chosen = records.data.find(({ record }) => record === value)
  const listed = [...(chosen === undefined ? [] : [chosen]), ...found.filter(({ record }) => record !== value).slice(0, SHOWN)]
  return (
    <>
      {records.data.length > SHOWN && (
        <TextInput
          className={styles.search ?? ''}
          label="Search by name or birth date"
          leftSection={<Search size={17} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Radio.Group aria-label="Whose case" value={value} error={error} onChange={onChange}>
        <div className={styles.options}>
          {listed.map(({ record, name, birthDate }) => (
            <Radio.Card key={record} value={record} className={styles.option ?? ''}>
              <Radio.Indicator />
              <span>
                <span className={styles.name}>{name}</span>
                <span className={styles.note}>born {birthDate === '' ? 'on an unknown day' : birthDate}</span>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {found.length > SHOWN && (
        <p className={styles.note} role="status">
          {countOf(found.length - SHOWN, 'more record fits', 'more records fit')}; search to find one.
        </p>
      )}
    </>
  )
}
