import { BlockList, isIP } from 'node:net';

export type AddressRules = {
  /** Plain http too: sandbox only. */
  allowsHttp: boolean;
  /** Private, loopback, link-local … networks too. */
  allowsPrivate: boolean;
};

/** What is wrong with an address that a client wants its entries sent to, as far as can be seen without asking a name server. */
export function addressProblem(text: string, { allowsHttp, allowsPrivate }: AddressRules): string | undefined {
  if (!URL.canParse(text)) return 'WRONG_FORM';
  const { protocol, username, password, hash, hostname } = new URL(text);
  if (protocol !== 'https:' && !(allowsHttp && protocol === 'http:')) return 'HTTPS_REQUIRED';
  if (username !== '' || password !== '' || hash !== '') return 'WRONG_FORM';
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (!allowsPrivate && isIP(literal) !== 0 && !isPublic(literal)) return 'ADDRESS_FORBIDDEN';
  return undefined;
}

// The special-purpose registries of IANA (RFC 6890): what is not reached over the open internet, or only seems to be.
const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, prefix, 'ipv4');

// Of IPv6 only 2000::/3 is given out for the open internet, less tunnels into IPv4 and documentation.
const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, prefix, 'ipv6');

/** Is this number reached over the open internet? Everything else could be a machine behind the hub's own doors. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4');
  return isIP(address) === 6 && given.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
