import { startRelay } from '@erx/messaging';
import { openDatabase } from '@erx/postgres';
import { createLogger } from '@erx/telemetry';

const { RELAY_DATABASE = '', RELAY_BROKERS = '' } = process.env;
startRelay({
  database: openDatabase(RELAY_DATABASE, 2, 'relay-process'),
  brokers: [RELAY_BROKERS],
  service: 'dispensing',
  log: createLogger('relay-process', 'silent'),
});
