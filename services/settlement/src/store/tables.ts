import { pg } from '@erx/postgres';

const fen = (name: string) => pg.bigint(name, { mode: 'bigint' }).notNull();

export const settlementAmounts = pg.pgTable('settlement_amounts', {
  saleId: pg.uuid('sale_id').primaryKey(),
  pharmacyId: pg.text('pharmacy_id').notNull(),
  hospitalId: pg.text('hospital_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  poolingRegion: pg.text('pooling_region').notNull(),
  insuranceType: pg.text('insurance_type').notNull(),
  category: pg.text('category').notNull(),
  planId: pg.text('plan_id').notNull(),
  year: pg.integer('year').notNull(),
  total: fen('total'),
  basic: fen('basic'),
  serious: fen('serious'),
  aid: fen('aid'),
  patient: fen('patient'),
  deductible: fen('deductible'),
  madeEventId: pg.uuid('made_event_id').notNull(),
});

export const settlementLine = pg.pgTable('settlement_line', {
  saleId: pg.uuid('sale_id').notNull(),
  lineNo: pg.integer('line_no').notNull(),
  drugCode: pg.text('drug_code').notNull(),
  quantity: fen('quantity'),
  unitPrice: fen('unit_price'),
  standard: fen('standard'),
  total: fen('total'),
  inScope: fen('in_scope'),
  over: fen('over'),
  firstSelf: fen('first_self'),
  deductible: fen('deductible'),
  base: fen('base'),
  basic: fen('basic'),
  serious: fen('serious'),
  aid: fen('aid'),
  patient: fen('patient'),
  category: pg.text('category').notNull(),
  planVersion: pg.text('plan_version').notNull(),
  listVersion: pg.text('list_version').notNull(),
});
