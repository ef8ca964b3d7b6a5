export { createLogger, type Logger } from './logger.ts';
export { currentTraceparent, inSpan, withTraceparent } from './trace.ts';
