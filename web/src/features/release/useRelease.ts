import { type Felt, type Release, releaseSchema } from '@medsync/protocol'
import { type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useNetwork } from '../network/useNetwork.ts'
import { useRequireSecret } from '../secret/useSecret.tsx'
import { callGateway } from '../session/callGateway.ts'
import { type OpenedRelease, openRelease } from './openRelease.ts'

/** Fetches the sealed data of a request and opens it here. What was opened stays in this page's memory and is gone with it. */
export function useRelease(digest: Felt): UseMutationResult<OpenedRelease & { readonly release: Release }, unknown, void> {
  const network = useNetwork()
  const requireSecret = useRequireSecret()
  return useMutation({
    mutationFn: async () => {
      const secret = await requireSecret()
      const release = await callGateway({ path: `/research/requests/${digest}/release`, answer: releaseSchema })
      return { ...(await openRelease(release, network, secret)), release }
    },
  })
}
