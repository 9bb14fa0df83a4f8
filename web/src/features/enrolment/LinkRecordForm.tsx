import { Button, TextInput } from '@mantine/core'
import { enrolmentSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import styles from './LinkRecordForm.module.css'

/** Links a record to the signed-in account with the one-time code that the hospital gave out. */
export function LinkRecordForm(): JSX.Element {
  const queries = useQueryClient()
  const nameOf = useOrganisationName()
  const [code, setCode] = useState('')
  const link = useMutation({
    mutationFn: (typed: string) =>
      callGateway({ path: '/patient/enrolments', answer: enrolmentSchema, method: 'POST', body: { code: typed } }),
    onSuccess: async () => {
      setCode('')
      await queries.invalidateQueries({ queryKey: ['mine', 'records'] })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (code.trim().length >= 4 && !link.isPending) link.mutate(code.trim())
  }
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextInput
        label="Code from your hospital"
        description="The hospital gives it to you on paper or in person. It works once."
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        required
        withAsterisk={false}
        className={styles.field ?? ''}
      />
      <Button type="submit" size="md" loading={link.isPending} disabled={code.trim().length < 4}>
        Link my record
      </Button>
      <div className={styles.answer} aria-live="polite">
        {link.isError && <ProblemNotice problem={problemOf(link.error)} />}
        {link.isSuccess && (
          <Notice kind="good" title="Linked">
            Your record at {nameOf(link.data.hospital)} now belongs to this account. Nobody may use it until you give a consent.
          </Notice>
        )}
      </div>
    </form>
  )
}
