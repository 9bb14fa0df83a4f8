import { type OrganisationId, patientHospitalsSchema } from '@medsync/protocol'
import { queryOptions, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import * as z from 'zod'
import { callGateway } from '../session/callGateway.ts'

/** GET /patient/hospitals: hospitals of other gateways that say they hold a record of the account, or that the patient confirmed. */
export const otherHospitalsQuery = queryOptions({
  queryKey: ['mine', 'other-hospitals'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/patient/hospitals', answer: patientHospitalsSchema, signal })).items,
})

/** Confirms a hospital, or takes that back. */
export function useConfirmHospital(): UseMutationResult<undefined, Error, { hospital: OrganisationId; isConfirmed: boolean }> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ hospital, isConfirmed }) =>
      callGateway({ path: `/patient/hospitals/${hospital}`, method: isConfirmed ? 'PUT' : 'DELETE', answer: z.undefined() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: otherHospitalsQuery.queryKey }),
  })
}
