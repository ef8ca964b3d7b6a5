import type { RegionalProfile } from './region-profile.ts';

/** 鄂医保发〔2023〕35号, in force from its day of issue (HB-53). */
export const hubei: RegionalProfile = {
  code: 'hubei',
  division: '420000',
  parent: 'national',
  versions: [
    {
      version: 1,
      from: '2023-07-30',
      values: {
        schemeDrugClasses: ['DUAL_CHANNEL', 'SEPARATE_PAY'], // HB-3a
        qualificationRequired: 'SPD_OUTPATIENT', // HB-7a, HB-13, HB-14
        institutionRuleByClass: {
          SEPARATE_PAY: { hospital: 'DUAL', pharmacy: 'DUAL' }, // HB-6a, HB-6b
          DUAL_CHANNEL: { hospital: 'ANY_DESIGNATED', pharmacy: 'DUAL' }, // HB-14
        },
        doctorSchemeByClass: {
          SEPARATE_PAY: 'RESPONSIBLE', // HB-6c, HB-42a
          DUAL_CHANNEL: 'INSURED_PHYSICIAN', // HB-14, HB-42b
        },
        outflowCondition: 'HOSPITAL_TEMPORARILY_UNABLE', // HB-15
        separateRxPerBenefit: true, // HB-38a
        rxPoolingScope: 'PROVINCE', // HB-3b
        historyViewRequired: true, // HB-28b
        injectableDelivery: 'MANDATORY', // HB-29a
        coldChainRequired: 'ALL', // HB-19-6b
        pharmacySaleAboveStandard: { negotiated: 'BLOCK', others: 'SPLIT' }, // HB-21-3; others: default
        spdMedicalCategory: '110202', // HB-34a, HB-35
        remoteFilingRequired: 'NO_IN_PROVINCE', // HB-40b
        crossProvince: 'NATIONAL_RULES_OR_MANUAL', // HB-41a, HB-41b
        agentPurchase: 'CONDITIONS', // HB-24a to HB-24d
      },
    },
  ],
};
