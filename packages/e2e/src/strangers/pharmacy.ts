import assert from 'node:assert/strict';
import { fill, fixtureOf, signatureImage } from '@erx/sandbox';
import { packageOf } from '../fixture-visit.ts';
import { type Attempt, attempt, chainOf, requestOf, type Strangers, type Who } from './attempt.ts';

const IMAGE = Buffer.from(signatureImage(1)).toString('base64');

/** Pharmacy P9 of the same city, to which the same patient, and another one, showed their card. */
export function asPharmacy(strangers: Strangers): Attempt[] {
  const { scene, world, theirs, grants } = strangers;
  const { circulating, locked, sale, grant, quoteToken, pack } = theirs;
  const pharmacy = fixtureOf(world.pharmacies, 'P9');
  const id = pharmacy.record.institutionId;
  const pharmacist = world.pharmacists.find(({ record, licensed }) => record.institutionId === id && licensed);
  if (pharmacist === undefined) throw new RangeError('nobody reviews there');
  const { practitionerId } = pharmacist.record;
  const who: Who = { role: 'PHARMACY', client: `pharmacy-${id}`, operator: practitionerId };

  const at = (path: string) => `/v1/prescriptions/${path}`;
  const [open, taken] = [circulating.prescriptionId, locked.prescriptionId];
  const basket = [{ lineNo: 1, packs: '1', unitPrice: theirs.line?.unitPrice ?? '' }];
  const quoteOf = (grantId: string) => ({ grantId, category: theirs.category, lines: basket });
  const saleOf = (grantId: string, code: string) => ({
    grantId,
    quoteToken,
    lines: [{ lineNo: 1, traceCodes: [code] }],
  });
  const signed = ({ bytes, signature }: { bytes: Uint8Array; signature: string }, by: string) => ({
    pharmacistId: by,
    document: Buffer.from(bytes).toString('base64'),
    signature,
  });
  const ownReview = fill.pharmacistSigns(scene, locked, { pharmacy, pharmacist });
  const handOver = (grantId: string) => ({ grantId, signatureImage: IMAGE, listSm3: sale.listSm3 });
  const move = (kind: string, more = {}) => ({
    noteId: `STRANGER-${kind}`,
    kind,
    traceCodes: [pack],
    reason: '盘点',
    mode: 'ALL_OR_NOTHING',
    ...more,
  });
  const { drugCode } = fixtureOf(world.drugs, 'D1').record;
  const note = { noteId: 'STRANGER', drugCode, batchNo: 'STRANGER', expiresOn: '2036-12-31', traceCodes: [pack] };
  const ownPack = packageOf(world, 'D1', 'P9', 1);
  const theirPharmacist = theirs.pharmacist.record.practitionerId;

  return [
    attempt(
      who,
      'identity.check',
      'card shown to them',
      ['POST', '/v1/identity-checks', { credential: theirs.credential, purpose: 'DISPENSE' }],
      'CREDENTIAL_INVALID',
    ),
    attempt(
      who,
      'prescription.find',
      'their grant',
      ['POST', at('search'), { grantId: grant }],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'prescription.find',
      'their grant with the QR',
      ['POST', at('search'), { grantId: grant, qr: circulating.qr }],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'prescription.find',
      'grant of the patient’s app',
      ['POST', at('search'), { grantId: theirs.appGrant }],
      'GRANT_INVALID',
      theirs.appGrant,
    ),
    attempt(
      who,
      'pharmacy.list',
      'their grant',
      ['POST', at(`${open}/pharmacies`), { grantId: grant }],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'pharmacy.list',
      'another patient’s',
      ['POST', at(`${open}/pharmacies`), { grantId: grants.otherPatient }],
      'PRESCRIPTION_NOT_FOUND',
      open,
    ),
    attempt(
      who,
      'prescription.lock',
      'their grant',
      ['POST', at(`${open}/lock`), { grantId: grant, qr: circulating.qr }],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'prescription.lock',
      'another patient’s',
      ['POST', at(`${open}/lock`), { grantId: grants.otherPatient }],
      'PRESCRIPTION_NOT_FOUND',
      open,
    ),
    attempt(
      who,
      'prescription.lock',
      'what they hold',
      ['POST', at(`${taken}/lock`), { grantId: grants.pharmacy }],
      'PRESCRIPTION_LOCKED_BY_OTHER',
    ),
    attempt(
      who,
      'prescription.release',
      'what they hold',
      ['POST', at(`${taken}/release`), { reason: '释放' }],
      'PRESCRIPTION_NOT_FOUND',
      taken,
    ),
    attempt(
      who,
      'history.view',
      'their grant',
      ['POST', at(`${taken}/history`), { grantId: grant }],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'history.view',
      'what they hold',
      ['POST', at(`${taken}/history`), { grantId: grants.pharmacy }],
      'PRESCRIPTION_LOCKED_BY_OTHER',
    ),
    attempt(
      who,
      'history.view',
      'another patient’s',
      ['POST', at(`${taken}/history`), { grantId: grants.otherPatient }],
      'PRESCRIPTION_NOT_FOUND',
      taken,
    ),
    attempt(
      who,
      'prescription.review',
      'what they hold',
      ['POST', at(`${taken}/review`), signed(ownReview, practitionerId)],
      'PRESCRIPTION_NOT_FOUND',
      taken,
    ),
    attempt(
      { ...who, operator: theirPharmacist },
      'prescription.review',
      'as they signed it',
      ['POST', at(`${taken}/review`), signed(theirs.review, theirPharmacist)],
      'PRESCRIPTION_NOT_FOUND',
      taken,
    ),
    attempt(who, 'sale.quote', 'their grant', ['POST', at(`${taken}/quote`), quoteOf(grant)], 'GRANT_INVALID', grant),
    attempt(
      who,
      'sale.quote',
      'what they hold',
      ['POST', at(`${taken}/quote`), quoteOf(grants.pharmacy)],
      'PRESCRIPTION_LOCKED_BY_OTHER',
    ),
    attempt(
      who,
      'sale.quote',
      'another patient’s',
      ['POST', at(`${taken}/quote`), quoteOf(grants.otherPatient)],
      'PRESCRIPTION_NOT_FOUND',
      taken,
    ),
    attempt(
      who,
      'sale.sell',
      'their grant and quote',
      ['POST', at(`${taken}/sales`), saleOf(grant, ownPack)],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'sale.sell',
      'their quote',
      ['POST', at(`${taken}/sales`), saleOf(grants.pharmacy, ownPack)],
      'SETTLE_QUOTE_STALE',
    ),
    attempt(
      who,
      'sale.sell',
      'their pack',
      ['POST', at(`${taken}/sales`), saleOf(grants.pharmacy, pack)],
      'SETTLE_QUOTE_STALE',
    ),
    attempt(
      who,
      'sale.sell',
      'another patient’s',
      ['POST', at(`${taken}/sales`), saleOf(grants.otherPatient, ownPack)],
      'PRESCRIPTION_NOT_FOUND',
      taken,
    ),
    attempt(
      who,
      'sale.hand-over',
      'their grant',
      ['POST', `/v1/sales/${sale.saleId}/hand-over`, handOver(grant)],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      who,
      'sale.hand-over',
      'their sale',
      ['POST', `/v1/sales/${sale.saleId}/hand-over`, handOver(grants.pharmacy)],
      'SALE_NOT_FOUND',
      sale.saleId,
    ),
    attempt(who, 'sale.read', 'their sale', ['GET', `/v1/sales/${sale.saleId}`], 'SALE_NOT_FOUND', sale.saleId),
    attempt(
      who,
      'sale.reverse',
      'their sale',
      ['POST', `/v1/sales/${sale.saleId}/reverse`, { reason: '退药', leftCounter: [] }],
      'SALE_NOT_FOUND',
      sale.saleId,
    ),
    attempt(
      who,
      'agent-register.read',
      'from before their sale on',
      ['GET', '/v1/agent-purchases?limit=200'],
      ({ status, body }) => {
        assert.deepEqual([status, body['purchases']], [200, []]);
      },
    ),
    attempt(who, 'code.read', 'their pack', ['GET', `/v1/trace-codes/${pack}`], 'TRACE_CODE_UNKNOWN', pack),
    ...['LOSS', 'DAMAGE', 'SUPPLIER_RETURN', 'QUALITY_RETURN', 'GAIN'].map((kind) =>
      attempt(
        who,
        'stock.move',
        `their pack: ${kind}`,
        ['POST', '/v1/stock/movements', move(kind)],
        'TRACE_CODE_NOT_HELD',
      ),
    ),
    attempt(
      who,
      'stock.move',
      'their pack: to itself',
      ['POST', '/v1/stock/movements', move('TRANSFER', { toHolderId: id })],
      'REQUEST_INVALID',
    ),
    attempt(
      who,
      'stock.move',
      'their pack: to a third',
      [
        'POST',
        '/v1/stock/movements',
        move('TRANSFER', { toHolderId: fixtureOf(world.pharmacies, 'P3').record.institutionId }),
      ],
      'TRACE_CODE_NOT_HELD',
    ),
    attempt(who, 'stock.move', 'opens their pack', ['POST', `/v1/packs/${pack}/open`], 'TRACE_CODE_NOT_HELD'),
    attempt(
      who,
      'stock.receive',
      'their pack',
      ['POST', '/v1/stock/receipts', { notes: [note], mode: 'ALL_OR_NOTHING' }],
      'TRACE_CODE_DUPLICATE',
    ),
    requestOf(who, strangers),
    ...chainOf(who, strangers),
  ];
}
