import { formatDecimal, QUANTITY_SCALE } from '@erx/values';
import type { Ledgers } from '../read/ledgers.ts';
import { differences, type Row, sum, sumBy } from './row.ts';
import { isInFlight } from './sales.ts';

const packs = (quantity: bigint): string => formatDecimal(quantity, QUANTITY_SCALE);
const lineId = (line: { prescriptionId: string; lineNo: number }): string => `${line.prescriptionId}/${line.lineNo}`;

const counts = (statuses: Record<string, bigint>): string =>
  Object.entries(statuses)
    .sort()
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');

/** Every pack that a hospital uploaded stands in exactly one place (数量账). */
export function compareQuantities({ issuing, dispensing }: Pick<Ledgers, 'issuing' | 'dispensing'>): Row[] {
  const { lines, sales, soldLines } = dispensing;
  const uploaded = sumBy(issuing.uploaded, lineId, (line) => line.quantity);
  const placed = sumBy(lines, lineId, (line) => line.sold + line.held + line.open + line.withdrawn + line.expired);
  const of = (part: 'sold' | 'held' | 'open' | 'withdrawn' | 'expired') => packs(sum(lines.map((line) => line[part])));
  const sold = sumBy(
    lines.filter((line) => line.sold > 0n),
    lineId,
    (line) => line.sold,
  );
  const saleLines = sumBy(soldLines, lineId, (line) => line.quantity);
  const selling = new Set(sales.filter(isInFlight).map(({ prescriptionId }) => prescriptionId));
  const idle = lines.filter((line) => line.held > 0n && !selling.has(line.prescriptionId));
  const ended = new Set(Object.keys(dispensing.statuses));
  const shown = Object.fromEntries(Object.entries(issuing.statuses).filter(([status]) => ended.has(status)));
  return [
    {
      zh: '上传 = 售出 + 占用 + 未售 + 撤回 + 过期',
      en: 'uploaded = sold + held + open + withdrawn + expired',
      left: `${packs(sum(uploaded.values()))} (${uploaded.size} lines)`,
      right: `${of('sold')} + ${of('held')} + ${of('open')} + ${of('withdrawn')} + ${of('expired')}`,
      wrong: differences(uploaded, placed, packs),
    },
    {
      zh: '售出 = 销售明细',
      en: 'sold = lines of completed sales',
      left: packs(sum(sold.values())),
      right: packs(sum(saleLines.values())),
      wrong: differences(sold, saleLines, packs),
    },
    {
      zh: '占用只属在途销售',
      en: 'held only by sales in flight',
      left: of('held'),
      right: packs(sum(lines.filter((line) => !idle.includes(line)).map((line) => line.held))),
      wrong: idle.map((line) => `${lineId(line)}: ${packs(line.held)} held by no sale`),
    },
    {
      zh: '状态与数量一致',
      en: 'states agree with quantities',
      left: `${sum(Object.values(dispensing.statuses))} prescriptions`,
      right: `${dispensing.wrongStates.length} contradict themselves`,
      wrong: dispensing.wrongStates,
    },
    {
      zh: '流转状态 = 医院所见状态',
      en: 'states in circulation = states that hospitals see',
      left: counts(dispensing.statuses),
      right: counts(shown),
      wrong: differences(new Map(Object.entries(dispensing.statuses)), new Map(Object.entries(shown))),
    },
  ];
}
