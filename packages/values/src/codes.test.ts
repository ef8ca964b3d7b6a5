import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDrugCode } from './drug-code.ts';
import { parseInstitutionCode } from './institution-code.ts';
import { parsePractitionerCode } from './practitioner-code.ts';
import { parseTraceCode } from './trace-code.ts';

test('institution codes are H or P, division and serial', () => {
  assert.deepEqual(parseInstitutionCode('H44010600124'), { kind: 'HOSPITAL', division: '440106', serial: '00124' });
  assert.deepEqual(parseInstitutionCode('P42011100001'), { kind: 'PHARMACY', division: '420111', serial: '00001' });
  for (const text of [
    '',
    'h44010600124',
    'X44010600124',
    'H4401060012',
    'H440106001245',
    'H4401060012A',
    'H44010600124\n',
  ]) {
    assert.equal(parseInstitutionCode(text), undefined, text);
  }
});

test('practitioner codes name the kind of practitioner', () => {
  assert.deepEqual(parsePractitionerCode('D420106000001'), { kind: 'DOCTOR', division: '420106', serial: '000001' });
  assert.equal(parsePractitionerCode('HY420106000001')?.kind, 'HOSPITAL_PHARMACIST');
  assert.equal(parsePractitionerCode('YS420106000001')?.kind, 'RETAIL_PHARMACIST');
  for (const text of ['', 'D42010600001', 'HJ420106000001', 'Y420106000001', 'D4201060000012', 'd420106000001']) {
    assert.equal(parsePractitionerCode(text), undefined, text);
  }
});

test('real western drug codes come apart', () => {
  assert.deepEqual(parseDrugCode('XL01FDP138B002010181735'), {
    kind: 'WESTERN',
    listClass: 'L01FD',
    product: 'P138B0020101',
    company: '81735',
  });
  for (const code of ['XS01LAL328B002010178679', 'XN07XXD130E002010102774', 'XA10BJD332B002010178403']) {
    assert.equal(parseDrugCode(code)?.kind, 'WESTERN', code);
  }
});

test('Chinese patent medicine codes come apart', () => {
  assert.deepEqual(parseDrugCode('ZA01BAB0123010112345'), {
    kind: 'CHINESE_PATENT',
    listClass: 'A01BA',
    product: 'B01230101',
    company: '12345',
  });
});

test('other shapes are no drug codes', () => {
  const wrong = [
    '',
    'XL01FDP138B00201018173',
    'XL01FDP138B0020101817350',
    'xL01FDP138B002010181735',
    'ZL01FDP138B002010181735',
    'T12345678901234567890',
  ];
  for (const text of wrong) assert.equal(parseDrugCode(text), undefined, text);
});

test('a trace code of 20 digits gives its product prefix, all else is malformed', () => {
  assert.deepEqual(parseTraceCode('81000010000000010000'), { scheme: 'ECODE20', prefix: '8100001' });
  for (const text of [
    '',
    '8100001000000001000',
    '810000100000000100000',
    '8100001000000001000A',
    ' 1000010000000010000',
  ]) {
    assert.deepEqual(parseTraceCode(text), { malformed: true }, text);
  }
});
