import type { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import type { Client } from '@erx/rpc';

export type IssuingClient = Pick<Client<typeof IssuingServiceDefinition>, 'getRetention'>;
