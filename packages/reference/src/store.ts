import type {
  Drug,
  DrugPublished,
  Institution,
  InstitutionPublished,
  Plan,
  PlanPublished,
  Practitioner,
  PractitionerPublished,
  ProfilePublished,
} from '@erx/proto/registry/v1/registry_events';
import { type EventType, events } from '@erx/proto/topics';
import { SetDigest } from './digest.ts';
import { type ResolvedProfile, resolveProfile } from './resolve-profile.ts';

/** What rules may ask of reference data. */
export type Lookups = {
  institution(id: string): Institution | undefined;
  institutions(): Iterable<Institution>;
  practitioner(id: string): Practitioner | undefined;
  drug(code: string): Drug | undefined;
  /** Product whose trace codes begin with these seven digits. */
  drugByTracePrefix(prefix: string): Drug | undefined;
  plan(poolingRegion: string, insuranceType: string, category: string): Plan | undefined;
  profile(division: string, at: Date): ResolvedProfile | undefined;
  /** Divisions of institutions and of an insurance, for an event's territory. */
  territory(institutionIds: readonly string[], insuranceRegion?: string): string[];
};

/** Read copy in memory: the newest revision of every aggregate; an older one never replaces it. */
export class ReferenceStore implements Lookups {
  #institutions = new Map<string, InstitutionPublished>();
  #practitioners = new Map<string, PractitionerPublished>();
  #drugs = new Map<string, DrugPublished>();
  /** Products that once named a prefix; the one that names it now is the answer. */
  #byPrefix = new Map<string, Set<string>>();
  #plans = new Map<string, PlanPublished>();
  #profiles = new Map<string, ProfilePublished>();
  #digest = new SetDigest();

  /** How many aggregates there are, and a hash of all of them: two copies with the same hash are the same. */
  contents(): { entries: number; hash: string } {
    const maps = [this.#institutions, this.#practitioners, this.#drugs, this.#plans, this.#profiles];
    return { entries: maps.reduce((sum, { size }) => sum + size, 0), hash: this.#digest.toString() };
  }

  apply(type: EventType, payload: unknown): void {
    switch (type) {
      case 'erx.registry.v1.InstitutionPublished': {
        const event = payload as InstitutionPublished;
        this.#put(type, this.#institutions, event.institution?.institutionId, event);
        break;
      }
      case 'erx.registry.v1.PractitionerPublished': {
        const event = payload as PractitionerPublished;
        this.#put(type, this.#practitioners, event.practitioner?.practitionerId, event);
        break;
      }
      case 'erx.registry.v1.DrugPublished': {
        const event = payload as DrugPublished;
        this.#put(type, this.#drugs, event.drug?.drugCode, event);
        for (const prefix of event.drug?.tracePrefixes ?? []) {
          const codes = this.#byPrefix.get(prefix) ?? new Set();
          this.#byPrefix.set(prefix, codes.add(event.drug?.drugCode ?? ''));
        }
        break;
      }
      case 'erx.registry.v1.PlanPublished': {
        const event = payload as PlanPublished;
        this.#put(type, this.#plans, event.plan && planKey(event.plan), event);
        break;
      }
      case 'erx.registry.v1.ProfilePublished': {
        const event = payload as ProfilePublished;
        this.#put(type, this.#profiles, event.division, event);
        break;
      }
    }
  }

  /** The newest revision stays. */
  #put<T extends { revision: bigint }>(type: EventType, map: Map<string, T>, key: string | undefined, event: T): void {
    if (key === undefined) return;
    const known = map.get(key);
    if (known !== undefined && known.revision >= event.revision) return;
    if (known !== undefined) this.#digest.remove(bytesOf(type, known));
    this.#digest.add(bytesOf(type, event));
    map.set(key, event);
  }

  institution(id: string): Institution | undefined {
    return this.#institutions.get(id)?.institution;
  }

  *institutions(): Iterable<Institution> {
    for (const { institution } of this.#institutions.values()) if (institution !== undefined) yield institution;
  }

  practitioner(id: string): Practitioner | undefined {
    return this.#practitioners.get(id)?.practitioner;
  }

  drug(code: string): Drug | undefined {
    return this.#drugs.get(code)?.drug;
  }

  drugByTracePrefix(prefix: string): Drug | undefined {
    for (const code of this.#byPrefix.get(prefix) ?? []) {
      const drug = this.drug(code);
      if (drug?.tracePrefixes.includes(prefix)) return drug;
    }
    return undefined;
  }

  plan(poolingRegion: string, insuranceType: string, category: string): Plan | undefined {
    return this.#plans.get(planKey({ poolingRegion, insuranceType, category }))?.plan;
  }

  profile(division: string, at: Date): ResolvedProfile | undefined {
    return resolveProfile(this.#profiles, division, at);
  }

  territory(institutionIds: readonly string[], insuranceRegion?: string): string[] {
    const places = institutionIds.map((id) => this.institution(id)?.division ?? '');
    if (insuranceRegion !== undefined) places.push(insuranceRegion);
    return [...new Set(places.filter((place) => place !== ''))];
  }
}

/** What an aggregate says, together with what it is. */
function bytesOf(type: EventType, event: object): Uint8Array {
  const codec = events[type].codec as { encode(value: unknown): { finish(): Uint8Array } };
  return Buffer.concat([Buffer.from(`${type}\n`), codec.encode(event).finish()]);
}

function planKey(plan: { poolingRegion: string; insuranceType: string; category: string }): string {
  return `${plan.poolingRegion}/${plan.insuranceType}/${plan.category}`;
}
