import type { EntryDetails } from '@medsync/protocol'
import type { AnswerCase } from './answerCase.ts'
import type { Answer } from './judgeRequest.ts'

/** What stands behind the entry that answers a request: for the patient to read, and for the chain as a salted digest. */
export function entryDetailsOf({ request, study }: Pick<AnswerCase, 'request' | 'study'>, judgement: Answer): EntryDetails {
  const asked = {
    hospital: request.hospital,
    patient: request.patient,
    grantee: study.terms.organisation,
    study: request.study,
    request: request.request,
    purposeIndex: study.terms.purposeIndex,
  }
  if (judgement.answer === 'refusal') {
    const nothing = { categories: [], dataFromS: 0, dataToS: 0, resourceCount: 0, releaseSha256: '' }
    return { kind: 'refusal', ...asked, commitment: judgement.commitment, decision: judgement.decision, ...nothing }
  }
  const { permit, filed, resourceCount, sealed } = judgement
  return {
    kind: 'access',
    ...asked,
    commitment: filed.commitment,
    decision: 'permit',
    categories: [...permit.categories],
    dataFromS: permit.dataFromS,
    dataToS: permit.dataToS,
    resourceCount,
    releaseSha256: sealed.sha256,
  }
}
