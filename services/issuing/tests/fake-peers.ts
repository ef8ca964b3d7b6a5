import { type Refused, refuse } from '@erx/errors';
import {
  DispensingServiceDefinition,
  type ResumeRequest,
  type WithdrawRequest,
} from '@erx/proto/dispensing/v1/dispensing_service';
import {
  type CheckEndorsementRequest,
  type CheckEndorsementResponse,
  VerificationServiceDefinition,
} from '@erx/proto/verification/v1/verification_service';
import { type Call, createClock, type ServedContract, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines } from '@erx/testkit';
import { proof } from './hospital.ts';

const never = {
  operation: 'internal' as const,
  handle: async () => Promise.reject(new Error('not asked in these tests')),
};

/** A dispensing that decides as a test says, and remembers what it was asked. */
export async function startFakeDispensing() {
  const asked: { withdraw: [WithdrawRequest, Call][]; resume: [ResumeRequest, Call][] } = { withdraw: [], resume: [] };
  const says: { withdraw: { status: string } | Refused; resume: { status: string } | Refused } = {
    withdraw: { status: 'WITHDRAWN' },
    resume: { status: 'CIRCULATING' },
  };
  const methods = Object.keys(
    DispensingServiceDefinition.methods,
  ) as (keyof typeof DispensingServiceDefinition.methods)[];
  const contract = serve(DispensingServiceDefinition, {
    ...(Object.fromEntries(methods.map((method) => [method, never])) as Record<(typeof methods)[number], typeof never>),
    withdraw: {
      operation: 'internal',
      handle: async (request, call) => {
        asked.withdraw.push([request, call]);
        return says.withdraw;
      },
    },
    resume: {
      operation: 'internal',
      handle: async (request, call) => {
        asked.resume.push([request, call]);
        return says.resume;
      },
    },
  });
  return { ...(await stoppable('dispensing', contract)), asked, says };
}

/** A verification that believes every signature but the one that says `forged`. */
export async function startFakeVerification() {
  const asked: CheckEndorsementRequest[] = [];
  const methods = Object.keys(
    VerificationServiceDefinition.methods,
  ) as (keyof typeof VerificationServiceDefinition.methods)[];
  const contract = serve(VerificationServiceDefinition, {
    ...(Object.fromEntries(methods.map((method) => [method, never])) as Record<(typeof methods)[number], typeof never>),
    checkEndorsement: {
      operation: 'internal',
      handle: async (request): Promise<CheckEndorsementResponse | Refused> => {
        asked.push(request);
        if (request.signature === 'forged') return refuse('DOCTOR_SIGNATURE_INVALID', undefined, '/signature');
        const evidence = proof('ENDORSEMENT', request.doctorId, 'SM2_RAW', 'ab'.repeat(32));
        return { evidence: { ...evidence, content: request.document } };
      },
    },
  });
  return { ...(await stoppable('verification', contract)), asked };
}

/** `stop` and `start` keep the address. */
async function stoppable(service: string, contract: ServedContract) {
  const listen = (port: number) =>
    startServer({
      listen: `127.0.0.1:${port}`,
      tlsDir: engines().tls,
      service,
      clock: createClock(),
      contracts: [contract],
      recordRefusals: async () => {},
      log: createLogger('test', 'silent'),
    });
  let server: Awaited<ReturnType<typeof listen>> | undefined = await listen(0);
  const { port } = server;
  const stop = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  return {
    address: `127.0.0.1:${port}`,
    stop,
    async start() {
      server = await listen(port);
    },
    [Symbol.asyncDispose]: stop,
  };
}
