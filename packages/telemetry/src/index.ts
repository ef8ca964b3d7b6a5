export { createLogger, type Logger } from './logger.ts';
export { beforeReading, measureProcess, metrics, refreshGauges, registry } from './metrics.ts';
export { openExport } from './open-export.ts';
export { inSpan, type OpenSpan, openSpan } from './span.ts';
export { continueOrBegin, currentTraceId, currentTraceparent, withTraceparent } from './trace.ts';
