/** Where the proxy listens within: each sandbox has a loopback of its own. */
const PORT = 3128
/** The descriptor that the listener is handed out by. */
const CHANNEL = 5

/**
 * Before the command, node itself opens a listener within and hands it out, to PKN, which answers there; then it ends. So nothing stands
 * between the command and PKN that would take memory or that the command could end, and no path leads out that it could open.
 */
const OPEN = `const s = require('net').createServer().listen(${PORT}, '127.0.0.1', () => process.send('network', s, () => process.exit()))`
export const handingOut = (node: string): string[] => [
  `NODE_USE_ENV_PROXY= NODE_USE_SYSTEM_CA= ${node} -e "${OPEN}" || exit 125`,
  `exec ${CHANNEL}>&-`,
  'unset NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE',
]

/** How programs are told of it, in each of the spellings that some of them know only. */
export function proxied(allowPrivate: readonly string[]): Record<string, string> {
  const proxy = `http://127.0.0.1:${PORT}`
  // What a command starts itself listens within. But one of these that is allowed by the operator is the machine's.
  const within = ['localhost', '127.0.0.1', '::1'].filter(
    (host) =>
      !allowPrivate.some((name) => name === host || name.startsWith(`${host}:`) || name.startsWith(`[${host}]`)),
  )
  return {
    ...both('http_proxy', proxy),
    ...both('https_proxy', proxy),
    ...both('all_proxy', proxy),
    ...both('no_proxy', within.join(',')),
    NODE_USE_ENV_PROXY: '1',
    // As all other programs do.
    NODE_USE_SYSTEM_CA: '1',
  }
}
const both = (name: string, value: string) => ({ [name]: value, [name.toUpperCase()]: value })
