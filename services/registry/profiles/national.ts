import type { NationalProfile } from './region-profile.ts';

/** 医保发〔2021〕28号. Where it is silent, the project's default stands, marked «default». */
export const national: NationalProfile = {
  code: 'national',
  division: '100000',
  parent: '',
  versions: [
    {
      version: 1,
      from: '2021-04-22',
      values: {
        schemeDrugClasses: ['NEGOTIATED'], // GJ-1a
        qualificationRequired: 'NONE', // default
        drugMatchKey: 'GENERIC_FORM', // default
        institutionRuleByClass: {}, // GJ-6c: one rule for all classes
        institutionRuleDefault: { hospital: 'DUAL', pharmacy: 'DUAL' }, // GJ-6c
        doctorSchemeByClass: {}, // GJ-6d: one scheme for all classes
        doctorSchemeDefault: 'DESIGNATED', // GJ-6d
        outflowCondition: 'HOSPITAL_TEMPORARILY_UNABLE', // default
        patientConsentRequired: true, // default, from CX-21h and GX-2-2b
        longRxMaxDays: 84, // default
        normalRxMaxDays: 30, // default
        rxValidityDays: 3, // default
        rxRetentionYears: 2, // default, from GX-3k
        separateRxPerBenefit: true, // default, from HB-38a
        rxPoolingScope: 'POOLING_REGION', // default
        historyViewRequired: true, // default, from HB-28b
        injectableDelivery: 'BY_ROUTE_AND_NEED', // default, from CX-26c
        coldChainRequired: 'SPECIAL_STORAGE', // GJ-3c
        pharmacySaleAboveStandard: { negotiated: 'BLOCK', others: 'SPLIT' }, // default, from CX-26b
        spdMedicalCategory: null, // default
        remoteFilingRequired: 'BY_REMOTE_RULES', // default, from CX-17c
        crossProvince: 'NATIONAL_RULES_OR_MANUAL', // default, from HB-41a
        diseaseListRequired: false, // default
        agentPurchase: 'CONDITIONS', // default, from HB-24a
      },
    },
  ],
};
