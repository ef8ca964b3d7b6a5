import type { RegionalProfile } from './region-profile.ts';

/** 关于进一步加强“双通道药品”管理的通知（吉林）, in force from its day of publication (JL-5a). */
export const jilin: RegionalProfile = {
  code: 'jilin',
  division: '220000',
  parent: 'national',
  versions: [
    {
      version: 1,
      from: '2025-04-25',
      values: {
        schemeDrugClasses: ['DUAL_CHANNEL'], // JL-3-1a
        qualificationRequired: 'ALL_DCD', // JL-3-1b
        drugMatchKey: 'GENERIC_FORM_REMARK', // JL-3-2a
        institutionRuleDefault: { hospital: 'TREATING', pharmacy: 'TREATING' }, // JL-1-2b, JL-1-2d
        doctorSchemeDefault: 'TREATING', // JL-2-1a
        outflowCondition: 'NOT_STOCKED_IN_HOSPITAL', // JL-1-2c
        remoteFilingRequired: 'YES', // JL-3-2c
        diseaseListRequired: true, // JL-4-1b
      },
    },
  ],
};
