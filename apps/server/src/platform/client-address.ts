import { isIPv6 } from 'node:net'

const DOTTED = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/

/** What one client's address is counted under: IPv4 whole, IPv6 by its /64, since that is what one household gets. */
export function addressKey(ip: string): string {
  if (!isIPv6(ip)) return ip.slice(0, 64)
  const groups = groupsOf(ip)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight numbers of an IPv6 address, however it is abbreviated. */
function groupsOf(ip: string): number[] {
  const hex = (ip.split('%', 1)[0] ?? '').replace(DOTTED, (_dotted, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [before = [], after = []] = hex
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((group) => parseInt(group, 16))
}
