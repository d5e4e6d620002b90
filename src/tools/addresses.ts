import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Where an address leads: to the world; into this machine or the networks around it; or where no tool has any business. */
export type Leads = 'public' | 'private' | 'never'

const PRIVATE = listOf('127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10')
const HERE = listOf('127.0.0.0/8')
// What tells a machine's own keys to whoever asks from inside a cloud; nothing at home stands there.
const METADATA = '100.100.100.200/32 168.63.129.16/32 fd00:ec2::254/128 fd20:ce::254/128'
const NEVER = listOf(
  '0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24',
  '224.0.0.0/4 240.0.0.0/4',
  METADATA,
)
const PRIVATE_6 = listOf('::1/128 fc00::/7')
// Of the addresses of IPv6 only these lead into the world, and of them not those of tunnels, documentation and protocols.
const PUBLIC_6 = listOf('2000::/3')
const NEVER_6 = listOf('2001::/23 2001:db8::/32 2002::/16 3fff::/20', METADATA)

/** Judges an address as it is dialled, whatever IPv4 address is within it. `own` are this machine's. */
export function leadsTo(address: string, own: ReadonlySet<string> = ownAddresses()): Leads {
  const kind = isIP(address)
  if (kind === 0) return 'never'
  if (kind === 6) {
    const within = fourWithin(address)
    return within === null ? six(address, own) : leadsTo(within, own)
  }
  if (NEVER.check(address, 'ipv4')) return 'never'
  return PRIVATE.check(address, 'ipv4') || own.has(address) ? 'private' : 'public'
}

/** Whether it is this machine itself, by its loopback or by one of its interfaces. */
export function isHere(address: string, own: ReadonlySet<string> = ownAddresses()): boolean {
  const four = isIP(address) === 6 ? fourWithin(address) : address
  return four === null ? address === '::1' || own.has(address) : HERE.check(four, 'ipv4') || own.has(four)
}

function six(address: string, own: ReadonlySet<string>): Leads {
  if (NEVER_6.check(address, 'ipv6')) return 'never'
  if (PRIVATE_6.check(address, 'ipv6')) return 'private'
  if (!PUBLIC_6.check(address, 'ipv6')) return 'never'
  return own.has(address) ? 'private' : 'public'
}

/** The IPv4 address that an IPv6 one stands for: mapped, translated, compatible, or behind the well-known prefix of NAT64. */
function fourWithin(address: string): string | null {
  const groups = groupsOf(address)
  if (groups === null) return null
  const head = groups.slice(0, 6).join(':')
  const [high = 0, low = 0] = groups.slice(6)
  const known = ['0:0:0:0:0:65535', '0:0:0:0:65535:0', '100:65435:0:0:0:0'].includes(head)
  const compatible = head === '0:0:0:0:0:0' && high !== 0
  return known || compatible ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : null
}

function groupsOf(address: string): number[] | null {
  const url = URL.parse(`http://[${address}]/`)
  if (url === null) return null
  const [head = '', tail] = url.hostname.slice(1, -1).split('::')
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return numbers(head)
  const [first, last] = [numbers(head), numbers(tail)]
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last]
}

export const ownAddresses = (): ReadonlySet<string> =>
  new Set(Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)))

function listOf(...nets: string[]): BlockList {
  const list = new BlockList()
  for (const net of nets.join(' ').split(' ')) {
    const [address = '', bits] = net.split('/')
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}
