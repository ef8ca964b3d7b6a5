// What is known of one package (追溯码), what may be asked of it, and what may happen to it. Pure.

export type CodeState =
  | 'RECEIVED'
  /** In a closed larger pack, with which it moves. */
  | 'PACKED'
  /** A larger pack whose parts are sold singly. */
  | 'OPENED'
  | 'RESERVED'
  | 'SOLD'
  | 'HANDED_OVER'
  | 'LOST'
  | 'DAMAGED'
  | 'SUPPLIER_RETURNED'
  | 'QUARANTINED'
  | 'RECALLED';

export type TraceCode = {
  traceCode: string;
  drugCode: string;
  batchNo: string;
  holderId: string;
  /** Delivery note that brought it. */
  noteId: string;
  state: CodeState;
  /** Business time of the newest change of state. */
  since: Date;
  /** The sale line that holds it, or that it was sold on and not given back from. */
  sale: { saleId: string; lineNo: number } | undefined;
  handedOver: boolean;
  /** Cleared for the hand-over of its sale: it may be with the patient by now. */
  clearedAt: Date | undefined;
  /** Pack it came in. */
  parentCode: string | undefined;
  /** Packs directly inside. */
  parts: number;
  /** Its batch is recalled, whatever its state. */
  recalledAt: Date | undefined;
};

export const moveKinds = ['TRANSFER', 'LOSS', 'GAIN', 'DAMAGE', 'SUPPLIER_RETURN', 'QUALITY_RETURN'] as const;
export type MoveKind = (typeof moveKinds)[number];

export type Move = {
  type: MoveKind;
  /** Who books. */
  holderId: string;
  /** Who takes a transfer. */
  toHolderId: string;
  /** It moves because the pack around it moves. */
  inside: boolean;
  at: Date;
  field: string;
};

export type CodeCommand =
  /** `holderId`, `drugCode`: who sells and what the prescription line asks for. `field`: where the code was scanned. */
  | { type: 'Reserve'; saleId: string; lineNo: number; holderId: string; drugCode: string; at: Date; field: string }
  | { type: 'Release' | 'Sell' | 'Clear' | 'HandOver' | 'Open' | 'Unpack' | 'Recall' | 'Quarantine'; at: Date }
  /** The sale is reversed. */
  | { type: 'Return'; leftCounter: boolean; at: Date }
  | Move;

export type CodeEvent =
  | { type: 'Reserved'; saleId: string; lineNo: number; at: Date }
  | { type: 'Sold' | 'Cleared' | 'HandedOver' | 'Recalled'; at: Date }
  /** Released or returned: the sale has it no more. */
  | { type: 'Freed'; state: 'RECEIVED' | 'QUARANTINED' | 'RECALLED'; at: Date }
  | { type: 'Moved'; state: CodeState; holderId: string; at: Date };
