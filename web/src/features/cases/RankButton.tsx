import { Button } from '@mantine/core'
import { roundOpenedSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ListOrdered } from 'lucide-react'
import { type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'

/** Opens a private ranking with the other hospitals, after saying what each of them will learn. */
export function RankButton(): JSX.Element {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [isAsking, setIsAsking] = useState(false)
  const open = useMutation({
    mutationFn: () => callGateway({ path: '/hospital/rounds/ranking', answer: roundOpenedSchema, method: 'POST', body: {} }),
    onSuccess: async ({ round }) => {
      await queries.invalidateQueries({ queryKey: ['mine', 'rounds'] })
      await navigate(`/hospital/rounds/${encodeURIComponent(round)}`)
    },
  })
  return (
    <>
      <Button
        variant="default"
        leftSection={<ListOrdered size={18} aria-hidden="true" />}
        loading={open.isPending}
        onClick={() => setIsAsking(true)}
      >
        Rank with the other hospitals
      </Button>
      {open.isError && <ProblemNotice problem={problemOf(open.error)} onRetry={() => open.mutate()} />}
      <ConfirmDialog
        opened={isAsking}
        title="Rank with the other hospitals?"
        confirm="Start the ranking"
        onCancel={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false)
          open.mutate()
        }}
      >
        <p>
          All hospitals of the circle put their waiting cases into one order, the most urgent first, without showing each other a score.
        </p>
        <ul>
          <li>
            Your hospital learns the places of its own cases and how many cases wait in all; so also how many the others have together.
          </li>
          <li>Each other hospital learns the same of its own, and that your hospital took part.</li>
          <li>
            Nobody learns another’s scores, or how many cases another has, from one ranking. Many rankings one after the other can tell
            them: rank when you need the order. Equal scores are put in order by lot.
          </li>
        </ul>
        <p>It takes some seconds. What changes afterwards counts in the next ranking.</p>
      </ConfirmDialog>
    </>
  )
}
