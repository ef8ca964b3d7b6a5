// Region profile (地区参数): the parameters that rules read. Names, types and sources as in the requirements' section 3;
// a regional version states only what its document says, the rest comes from the national profile with its defaults.

export type DrugClass =
  | 'NEGOTIATED'
  | 'SEPARATE_PAY'
  | 'DUAL_CHANNEL'
  | 'GENERIC_OF_NEGOTIATED'
  | 'BID'
  | 'EX_NEGOTIATED'
  | 'OUTPATIENT_SINGLE_LISTED'
  | 'CHRONIC_SPECIAL'
  | 'TWO_DISEASE';

/** What an institution needs: a designation role, or only the insurance designation. */
type InstitutionRule = 'DUAL' | 'TREATING' | 'ANY_DESIGNATED';
type DoctorScheme = 'RESPONSIBLE' | 'INSURED_PHYSICIAN' | 'FILED' | 'DESIGNATED' | 'TREATING';

export type ProfileValues = {
  /** GJ-1a, HB-3a, JL-3-1a */
  schemeDrugClasses: DrugClass[];
  /** HB-7a, JL-3-1b */
  qualificationRequired: 'NONE' | 'SPD_OUTPATIENT' | 'ALL_DCD';
  /** CX-4a, JL-3-2a: what makes a filed drug the prescribed drug. */
  drugMatchKey: 'GENERIC' | 'GENERIC_FORM' | 'GENERIC_FORM_REMARK';
  /** GJ-6c, HB-6, HB-14, JL-1-2 */
  institutionRuleByClass: Partial<Record<DrugClass, { hospital: InstitutionRule; pharmacy: InstitutionRule }>>;
  institutionRuleDefault: { hospital: InstitutionRule; pharmacy: InstitutionRule };
  /** GJ-6d, HB-42, JL-2-1 */
  doctorSchemeByClass: Partial<Record<DrugClass, DoctorScheme>>;
  doctorSchemeDefault: DoctorScheme;
  /** HB-15, JL-1-2c */
  outflowCondition: 'HOSPITAL_TEMPORARILY_UNABLE' | 'NOT_STOCKED_IN_HOSPITAL';
  /** CX-21h, GX-2-2b */
  patientConsentRequired: boolean;
  /** CX-27b */
  longRxMaxDays: number;
  normalRxMaxDays: number;
  rxValidityDays: number;
  /** GX-3k */
  rxRetentionYears: number;
  /** HB-38a */
  separateRxPerBenefit: boolean;
  /** HB-3b, GX-2-1d: relation of hospital and pharmacy. */
  rxPoolingScope: 'POOLING_REGION' | 'PREFECTURE' | 'PROVINCE';
  /** HB-28b */
  historyViewRequired: boolean;
  /** HB-29a */
  injectableDelivery: 'NONE' | 'BY_ROUTE_AND_NEED' | 'MANDATORY';
  /** GJ-3c, HB-19-6b: which drugs need a pharmacy with cold chain. */
  coldChainRequired: 'NONE' | 'SPECIAL_STORAGE' | 'INJECTABLE_SERVICE' | 'ALL';
  /** CX-26b, HB-21-3 */
  pharmacySaleAboveStandard: { negotiated: 'BLOCK' | 'SPLIT'; others: 'BLOCK' | 'SPLIT' };
  /** HB-34a, HB-35: medical category of separately paid drugs; null = the plan's ordinary category. */
  spdMedicalCategory: string | null;
  /** HB-40b, JL-3-2c */
  remoteFilingRequired: 'NO_IN_PROVINCE' | 'YES' | 'BY_REMOTE_RULES';
  /** HB-41a */
  crossProvince: 'NATIONAL_RULES_OR_MANUAL' | 'NATIONAL_RULES';
  /** JL-4-1b: prescriptions only for diseases in the institution's public list. */
  diseaseListRequired: boolean;
  /** HB-24: purchase by an agent. */
  agentPurchase: 'FORBIDDEN' | 'CONDITIONS';
};
