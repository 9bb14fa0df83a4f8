/**
 * Codes of the closed lists that FHIR R4 itself fixes for the fields of `RELEASED_FIELDS`: states, units of time, comparators. A string in a field of kind `plain` leaves when
 * it is one of them, or a date or a time; anything else that stands in such a field is free text in the wrong place.
 * @source FHIR R4 4.0.1, value sets with a required binding; compared with the definitions by the test beside this file.
 */
export const FHIR_CODES: ReadonlySet<string> = new Set(
  [
    '< <= > >=',
    'AC ACD ACM ACV AFT AFT.early AFT.late C CD CM CV EVE EVE.early EVE.late HS MORN MORN.early MORN.late NIGHT NOON PC PCD PCM PCV PHS WAKE',
    'Appointment CommunicationRequest DeviceRequest MedicationRequest NutritionOrder ServiceRequest Task VisionPrescription',
    'a d h min mo s wk',
    'fri mon sat sun thu tue wed',
    'abandoned accepted active allergy amended anonymous appended appends arrived asap available billing biologic both cancelled claim complete completed',
    'corrected current declined draft entered-in-error environment error female filler-order final finished food high home in-progress inactive',
    'instance-order intended intolerance low maiden male medication mild moderate nickname not-done not-started not-taken official old on-hold onleave',
    'option order original-order other partial physical plan planned postal preauthorization predetermination preliminary preparation proposal proposed',
    'queued reflex-order registered rejected replaces revoked routine scheduled severe signs stat stopped superseded suspended temp transforms triaged',
    'unable-to-assess unknown urgent usual work',
  ].flatMap((line) => line.split(' ')),
)
