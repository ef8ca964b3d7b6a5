import type { Tx } from '@erx/postgres';
import type { Receipt } from '../domain/prescription.ts';
import { handOver } from './tables.ts';

export async function insertHandOver(tx: Tx, saleId: string, receipt: Receipt, handedOverAt: Date): Promise<void> {
  const { recipientPersonId, signatureSealed, listSm3 } = receipt;
  await tx.db.insert(handOver).values({ saleId, recipientPersonId, signatureSealed, listSm3, handedOverAt });
}
