/** Shape of the generated service definitions. */
type Method = {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the generated codecs differ per message
  requestType: any;
  // biome-ignore lint/suspicious/noExplicitAny: the generated codecs differ per message
  responseType: any;
  requestStream: boolean;
  responseStream: boolean;
  options: object;
};

export type Definition = { name: string; fullName: string; methods: Record<string, Method> };

export type RequestOf<M extends Method> = ReturnType<M['requestType']['decode']>;
export type ResponseOf<M extends Method> = ReturnType<M['responseType']['decode']>;
