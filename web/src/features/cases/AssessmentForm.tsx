import { Button, NativeSelect } from '@mantine/core'
import type { AssessCase, CaseDetail } from '@medsync/protocol'
import { type FormEvent, type JSX, useState } from 'react'
import { Explained } from '../../ui/Explained.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { useCaseDeed } from './useCases.ts'
import styles from './VitalsForm.module.css'

const PREGNANCY = ['record', 'yes', 'no'] as const
type Pregnancy = (typeof PREGNANCY)[number]
const SAID: Readonly<Record<Pregnancy, boolean | null>> = { record: null, yes: true, no: false }

/** What a clinician says of the patient and no observation does: which oxygen scale counts, and whether there is a pregnancy. */
export function AssessmentForm({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const assess = useCaseDeed(detail.case, 'assessment')
  const standing = PREGNANCY.find((each) => SAID[each] === detail.isPregnant) ?? 'record'
  const [scale, setScale] = useState<1 | 2>(detail.oxygenScale)
  const [pregnancy, setPregnancy] = useState<Pregnancy>(standing)
  const change: AssessCase = {
    ...(scale === detail.oxygenScale ? {} : { oxygenScale: scale }),
    ...(pregnancy === standing ? {} : { isPregnant: SAID[pregnancy] }),
  }
  const isChanged = Object.keys(change).length > 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isChanged && !assess.isPending) assess.mutate(change)
  }
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      <NativeSelect
        label="Oxygen saturation counts on"
        value={String(scale)}
        onChange={(event) => setScale(event.currentTarget.value === '2' ? 2 : 1)}
        data={[
          { value: '1', label: 'Scale 1, as usual' },
          { value: '2', label: 'Scale 2: a target of 88 to 92 % was prescribed' },
        ]}
      />
      <p className={styles.note}>
        <Explained word="When scale 2">
          For people whose lungs keep carbon dioxide back, and for whom a clinician prescribed an oxygen target of 88 to 92 %. It gives
          fewer points to low values, so no diagnosis in the record ever switches it on.
        </Explained>
      </p>
      <NativeSelect
        label="Pregnancy"
        description="NEWS2 does not apply in a pregnancy"
        value={pregnancy}
        onChange={(event) => setPregnancy(PREGNANCY.find((each) => each === event.currentTarget.value) ?? 'record')}
        data={[
          { value: 'record', label: 'As the record says' },
          { value: 'yes', label: 'Pregnant' },
          { value: 'no', label: 'Not pregnant' },
        ]}
      />
      <div className={styles.foot}>
        <Button type="submit" variant="default" loading={assess.isPending} disabled={!isChanged}>
          Keep and score again
        </Button>
      </div>
      {assess.isError && <ProblemNotice problem={problemOf(assess.error)} />}
    </form>
  )
}
