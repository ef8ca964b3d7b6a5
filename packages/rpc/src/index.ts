export { actorOf, type Call, type CallContext, systemActor } from './call.ts';
export { type Client, connect } from './client.ts';
export { type BusinessClock, createClock, followRegistryClock } from './clock.ts';
export { type RefusalRecorder, recordRefusals } from './record-refusals.ts';
export { fromMessage, toMessage } from './refusals.ts';
export { runService } from './run-service.ts';
export { type Handlers, type ServedContract, serve, startServer } from './server.ts';
export { systemContract } from './system.ts';
export { type ReadFigures, startVitals } from './vitals/start-vitals.ts';
