import { TLSSocket } from 'node:tls';
import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';

/** Where the server finds the caller's name; what a caller writes there itself is thrown away. */
export const CALLER = 'erx-caller';

/** Names by connection: a certificate stands for as long as its TLS session does, and reading it is expensive. */
const names = new WeakMap<object, string>();

/** The service at the other end, as its certificate names it. */
export const nameTheCaller: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(call, {
    start(next) {
      next({
        onReceiveMetadata(metadata, pass) {
          metadata.set(CALLER, nameOf(call));
          pass(metadata);
        },
      });
    },
  });

function nameOf(call: ServerInterceptingCallInterface): string {
  const session = sessionOf(call);
  const known = session && names.get(session);
  if (known !== undefined) return known;
  const subject = call.getAuthContext().sslPeerCertificate?.subject.CN;
  const name = typeof subject === 'string' ? subject : '';
  if (session !== undefined && name !== '') names.set(session, name);
  return name;
}

/** grpc-js keeps the HTTP/2 session to itself: where another version hides it elsewhere, each call reads anew. */
function sessionOf(call: ServerInterceptingCallInterface): object | undefined {
  const { session } = (call as { stream?: { session?: { socket?: unknown } } }).stream ?? {};
  return session?.socket instanceof TLSSocket ? session : undefined;
}
