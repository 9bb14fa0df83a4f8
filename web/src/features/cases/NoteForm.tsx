import { Button, Textarea } from '@mantine/core'
import type { CaseDetail } from '@medsync/protocol'
import { type FormEvent, type JSX, useState } from 'react'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { useCaseDeed } from './useCases.ts'
import styles from './VitalsForm.module.css'

/** Adds a note to a case. It stays as it was written: notes can raise a score, and are never changed. */
export function NoteForm({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const [text, setText] = useState('')
  const add = useCaseDeed(detail.case, 'notes')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '' && !add.isPending) add.mutate({ text }, { onSuccess: () => setText('') })
  }
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      <Textarea
        label="Add a note"
        description="English. It can raise the score by 10 at most, never lower it, and stays as written."
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={styles.foot}>
        <Button type="submit" variant="default" loading={add.isPending} disabled={text.trim() === ''}>
          Add the note
        </Button>
      </div>
      {add.isError && <ProblemNotice problem={problemOf(add.error)} />}
    </form>
  )
}
