import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Client } from '../store/clients.ts';
import type { OidcRecords } from '../store/oidc-records.ts';
import { whileAvailable } from './while-available.ts';

type Stores = { findClient(id: string): Promise<Client | undefined>; records: OidcRecords };

/**
 * What oidc-provider keeps: clients as the authority registered them, and used client assertions. Tokens are signed and
 * not kept, and everything else is switched off, so that the other methods are never called.
 */
export function adapterFactory({ findClient, records }: Stores): (model: string) => Adapter {
  return (model) => {
    const never = async (): Promise<never> => {
      throw new Error(`${model} is not kept`);
    };
    return {
      find: (id) =>
        whileAvailable(async () => {
          if (model === 'Client') return clientMetadata(await findClient(id));
          const payload = await records.find(model, id);
          return payload === undefined ? undefined : (JSON.parse(payload) as AdapterPayload);
        }),
      upsert: (id, payload, expiresIn) =>
        whileAvailable(async () => {
          const added = await records.add(model, id, JSON.stringify(payload), expiresIn ?? 0);
          // The provider looks before it writes; two replays at the same instant meet here.
          if (!added) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
        }),
      findByUserCode: never,
      findByUid: never,
      consume: never,
      destroy: never,
      revokeByGrantId: never,
    };
  };
}

function clientMetadata(client: Client | undefined): AdapterPayload | undefined {
  if (client === undefined) return undefined;
  return {
    client_id: client.clientId,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: JSON.parse(client.jwks),
  };
}
