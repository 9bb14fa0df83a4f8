import { Button } from '@mantine/core'
import { organisationSlug } from '@medsync/protocol'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import * as z from 'zod'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useNetwork } from '../network/useNetwork.ts'
import { PortalError } from '../problem/PortalError.ts'
import { problemOf } from '../problem/problemOf.ts'
import { useSession } from '../session/useSession.ts'
import styles from './SampleBundles.module.css'

const indexSchema = z.array(z.object({ hospital: z.string(), file: z.string(), name: z.string() }))

/** On the local network: synthetic patients to try the upload with, those of the own hospital. */
export function SampleBundles({ onFiles }: { readonly onFiles: (files: File[]) => void }): JSX.Element | null {
  const { kind } = useNetwork()
  const { organisation } = useSession()
  const index = useQuery({
    queryKey: ['public', 'samples'],
    enabled: kind === 'local',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => indexSchema.parse(await (await fetch('/samples/index.json', { signal })).json()),
  })
  const take = useMutation({
    mutationFn: async (file: string) => {
      const response = await fetch(`/samples/${file.split('/').map(encodeURIComponent).join('/')}`)
      if (!response.ok) throw new PortalError('portal/offline')
      onFiles([new File([await response.blob()], file.slice(file.lastIndexOf('/') + 1))])
    },
  })
  const own = index.data?.filter(({ hospital }) => organisation !== null && hospital === organisationSlug(organisation)) ?? []
  if (own.length === 0) return null
  return (
    <Panel title="No file at hand?" quiet note="Synthetic patients, made by Synthea. They are nobody, so they may be shared with anyone.">
      <div className={styles.samples}>
        {own.map(({ file, name }) => (
          <Button key={file} variant="default" loading={take.isPending && take.variables === file} onClick={() => take.mutate(file)}>
            Upload {name}
          </Button>
        ))}
      </div>
      {take.isError && <ProblemNotice problem={problemOf(take.error)} />}
    </Panel>
  )
}
