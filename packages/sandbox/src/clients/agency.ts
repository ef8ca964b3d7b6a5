import type { Answer, Session } from './http.ts';

export type Recall = {
  recallId: string;
  drugCode: string;
  batchNo: string;
  holders: { holderId: string; state: string; traceCodes: string[] }[];
};

/** An agency's program (医保经办): calls batches back. */
export class AgencyClient {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** 召回: everywhere at once; answers who holds the batch. */
  recall(batch: { drugCode: string; batchNo: string; reason: string }): Promise<Answer<Recall>> {
    return this.#session.send({ step: 'recall', method: 'POST', path: '/v1/recalls', body: batch });
  }

  readRecall(recallId: string): Promise<Answer<Recall>> {
    return this.#session.send({ step: 'recall-read', method: 'GET', path: `/v1/recalls/${recallId}` });
  }
}
