import { consumers } from '@erx/proto/topics';
import type { ServiceName } from '../../services.ts';
import { consumed, type Ledgers, published } from '../read/ledgers.ts';
import { differences, type Row, sum, sumBy } from './row.ts';

type Sides = Pick<Ledgers, 'traffic' | 'unmatched' | 'audit'>;

/** Every published event arrived at each consumer of its topic, once (事件账). */
export function compareEvents({ traffic, unmatched, audit }: Sides): Row[] {
  const perConsumer = Object.entries(consumers).map(([name, topics]): Row => {
    const consumer = name as ServiceName;
    const out = new Map(topics.map((topic) => [topic as string, published(traffic, topic)]));
    const came = new Map(topics.map((topic) => [topic as string, consumed(traffic, consumer, topic)]));
    const ids = unmatched.filter((each) => each.consumer === consumer);
    return {
      zh: `发布 = ${consumer} 消费`,
      en: `published = consumed by ${consumer}`,
      left: String(sum(out.values())),
      right: String(sum(came.values())),
      wrong: [
        ...differences(out, came),
        ...ids.flatMap(({ missing }) => missing.map((id) => `${id}: not consumed`)),
        ...ids.flatMap(({ foreign }) => foreign.map((id) => `${id}: published by nobody`)),
      ],
    };
  });
  return [...perConsumer, recorded({ traffic, audit }), outboxes(traffic), parked(traffic), numbering(audit)];
}

function recorded({ traffic, audit }: Omit<Sides, 'unmatched'>): Row {
  const out = new Map(
    consumers.audit
      .map((topic) => [topic as string, published(traffic, topic)] as const)
      .filter(([, count]) => count > 0n),
  );
  const kept = sumBy(
    audit.events,
    ({ topic }) => topic,
    ({ count }) => count,
  );
  return {
    zh: '发布 = 审计留存',
    en: 'published = recorded by audit',
    left: String(sum(out.values())),
    right: String(sum(kept.values())),
    wrong: differences(out, kept),
  };
}

function outboxes(traffic: Sides['traffic']): Row {
  const waiting = Object.entries(traffic).filter(([, each]) => each.waiting > 0n);
  return {
    zh: '发件箱已空',
    en: 'outboxes are empty',
    left: String(sum(waiting.map(([, each]) => each.waiting))),
    right: '0',
    wrong: waiting.map(([service, each]) => `${service}: ${each.waiting} events wait`),
  };
}

function parked(traffic: Sides['traffic']): Row {
  const all = Object.values(traffic).flatMap((each) => each.parked);
  return {
    zh: '无搁置消息',
    en: 'nothing is parked',
    left: String(all.length),
    right: '0',
    wrong: all.map(
      ({ consumer, topic, partition, offset, reason }) => `${consumer} ${topic}/${partition}/${offset}: ${reason}`,
    ),
  };
}

function numbering({ brokenNumberings, unnumbered }: Sides['audit']): Row {
  return {
    zh: '审计编号无缺',
    en: 'audit numbers have no gap',
    left: `${brokenNumberings.length} divisions broken`,
    right: `${unnumbered.length} events unnumbered`,
    wrong: [...brokenNumberings.map((division) => `division ${division}`), ...unnumbered],
  };
}
