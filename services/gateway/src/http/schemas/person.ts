import Type from 'typebox';
import { text } from './values.ts';

/** A person in the clear (参保人): goes to verification and nowhere else. */
export const clearPerson = {
  certType: text(2, '证件类型, 01 identity card'),
  certNo: text(32, '证件号码'),
  name: text(64, '姓名'),
  phone: Type.Optional(text(32, '电话')),
};
