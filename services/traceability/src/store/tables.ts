import { pg } from '@erx/postgres';

export const traceCode = pg.pgTable('trace_code', {
  traceCode: pg.text('trace_code').primaryKey(),
  drugCode: pg.text('drug_code').notNull(),
  batchNo: pg.text('batch_no').notNull(),
  holderId: pg.text('holder_id').notNull(),
  state: pg.text('state').notNull(),
});

export const movement = pg.pgTable('movement', {
  movementId: pg.bigint('movement_id', { mode: 'bigint' }).primaryKey(),
  kind: pg.text('kind').notNull(),
  saleId: pg.uuid('sale_id'),
  holderId: pg.text('holder_id').notNull(),
  place: pg.text('place').notNull(),
  clientId: pg.text('actor_client_id').notNull(),
  role: pg.text('actor_role').notNull(),
  institutionId: pg.text('actor_institution_id').notNull(),
  operator: pg.text('actor_operator').notNull(),
  division: pg.text('actor_division').notNull(),
  businessAt: pg.timestamp('business_at', { withTimezone: true }).notNull(),
});

export const custody = pg.pgTable('custody', {
  traceCode: pg.text('trace_code').notNull(),
  movementId: pg.bigint('movement_id', { mode: 'bigint' }).notNull(),
});
