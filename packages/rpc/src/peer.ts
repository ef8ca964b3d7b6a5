import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Where the server finds the caller's name; what a caller writes there itself is thrown away. */
export const CALLER = 'erx-caller';

/** The service at the other end, as its certificate names it. */
export const nameTheCaller: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(call, {
    start(next) {
      next({
        onReceiveMetadata(metadata, pass) {
          const name = call.getAuthContext().sslPeerCertificate?.subject.CN;
          metadata.set(CALLER, typeof name === 'string' ? name : '');
          pass(metadata);
        },
      });
    },
  });
