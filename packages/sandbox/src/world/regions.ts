import { HUBEI, JILIN, type Province } from './periods.ts';
import { readTable } from './tables.ts';

/** A pooling region (统筹地区) of the world: a city with its counties. */
export type Region = { code: string; name: string; province: Province; counties: { code: string; name: string }[] };

const PLACES = readTable<'code' | 'name' | 'level' | 'parent'>('divisions');
const CITIES = ['420100', '420500', '420600', '220100', '220200'] as const;
export type City = (typeof CITIES)[number];

export const WUHAN = '420100' satisfies City;
export const YICHANG = '420500' satisfies City;
export const XIANGYANG = '420600' satisfies City;
export const CHANGCHUN = '220100' satisfies City;
export const JILIN_CITY = '220200' satisfies City;

export const regions: readonly Region[] = CITIES.map((code) => ({
  code,
  name: PLACES.find((place) => place.code === code)?.name ?? '',
  province: code.startsWith('42') ? HUBEI : JILIN,
  counties: PLACES.filter((place) => place.parent === code).map(({ code, name }) => ({ code, name })),
}));

export function regionOf(code: string): Region {
  const region = regions.find((entry) => entry.code === code);
  if (region === undefined) throw new RangeError(`no region ${code} in this world`);
  return region;
}
