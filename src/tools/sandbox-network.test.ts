import assert from 'node:assert/strict'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../clock.ts'
import { openEgress } from './egress.ts'
import type { Resolve } from './egress-reach.ts'
import { findSandbox } from './sandbox.ts'
import { shellKill } from './shell-kill.ts'
import { besiegedShell, gone } from './testing/besieged.ts'
import { webServer } from './testing/web-server.ts'

const sandbox = await findSandbox()
const skip = sandbox.kind === 'none' ? `no sandbox on this machine: ${sandbox.why}` : false
const PROXY = '127.0.0.1:3128'

/** A shell whose commands may ask what `allowPrivate` names; a name that is not one of `names` leads nowhere. */
const withNetwork = (
  t: TestContext,
  allowPrivate: string[],
  { names = {}, ownPort = null }: { names?: Record<string, string | (() => string)>; ownPort?: number | null } = {},
) => {
  const resolve: Resolve = async (host) => {
    const name = names[host] ?? (host === 'localhost' ? '127.0.0.1' : undefined)
    const address = typeof name === 'function' ? name() : name
    return address === undefined ? [] : [{ address, family: address.includes(':') ? 6 : 4 }]
  }
  return besiegedShell(
    t,
    openEgress({ clock: systemClock, version: '0', allowPrivate, resolve, ownPort: () => ownPort }),
  )
}
/** Listens on every address of this machine, as PKN would at worst; counts whoever comes. */
async function listener(t: TestContext) {
  const seen = { connections: 0 }
  const server = createHttp((_, response) => response.end('ESCAPED'))
  server.on('connection', () => seen.connections++)
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, port: (server.address() as AddressInfo).port }
}
/** Each spelling of this machine, and of a name that leads to it. */
const HERE = [
  [
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '[::1]',
    '0.0.0.0',
    '[::]',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
  ],
  [
    '127.1',
    '127.9.9.9',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '0',
    'here.test',
    'rebind.test',
    '①27.0.0.1',
  ],
  Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => (address.includes(':') ? `[${address}]` : address)),
  ),
].flat()
const NAMES = () => {
  let times = 0
  return { 'here.test': '127.0.0.1', 'rebind.test': () => (times++ % 2 === 0 ? '127.0.0.1' : '::1') }
}

test(
  'with the network allowed, nothing of this machine is reached by the proxy, however it is named',
  { skip },
  async (t) => {
    const { seen, port } = await listener(t)
    const { attempt } = await withNetwork(t, [], { names: NAMES() })
    const output = await attempt(
      [
        `ask() ( exec 7<>/dev/tcp/${PROXY.replace(':', '/')} && printf "$1" >&7 && head -c 300 <&7; echo )`,
        `for h in ${HERE.map((host) => `'${host}'`).join(' ')}; do ask "CONNECT $h:${port} HTTP/1.1\\r\\nHost: $h:${port}\\r\\n\\r\\n"; ask "GET http://$h:${port}/v1/sessions HTTP/1.1\\r\\nHost: $h\\r\\nConnection: close\\r\\n\\r\\n"; done`,
        // What is before, after or within a name that is good.
        `for u in 'http://one.example@127.0.0.1:${port}/' 'http://127.0.0.1:${port}\\\\@one.example/' 'http://127.0.0.1:${port}#.one.example/' '/v1/sessions' '*' 'ftp://127.0.0.1:${port}/' 'http:///' ; do ask "GET $u HTTP/1.1\\r\\nHost: 127.0.0.1:${port}\\r\\nConnection: close\\r\\n\\r\\n"; done`,
        `for u in '127.0.0.1:${port}/x' 'one.example:80@127.0.0.1:${port}' '127.0.0.1' ':${port}' '//127.0.0.1:${port}'; do ask "CONNECT $u HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"; done`,
      ].join('\n'),
      { subject: { kind: 'none' } },
      true,
    )
    assert.match(output, /tried/)
    assert.doesNotMatch(output, /ESCAPED|HTTP\/1\.1 200/)
    assert.ok(output.split('HTTP/1.1 4').length > HERE.length * 2, output)
    assert.match(output, /within this machine or its network/)
    assert.match(output, /it reached no host; refused: 127\.0\.0\.1:/)
    assert.equal(seen.connections, 0, output)
  },
)

test('with the network allowed, nothing is reached without the proxy', { skip }, async (t) => {
  const { seen, port } = await listener(t)
  const { attempt } = await withNetwork(t, [])
  const hosts = [...HERE, '192.168.1.1', '10.0.0.1', '1.1.1.1'].filter((host) => /^[\d.]+$|^\[/.test(host))
  const output = await attempt(
    [
      `for h in ${hosts.map((host) => host.replace(/[[\]]/g, '')).join(' ')}; do timeout 2 bash -c "echo hi > /dev/tcp/$h/${port}" && echo ESCAPED by $h; done`,
      `timeout 5 node -e 'for (const host of ${JSON.stringify(hosts.map((host) => host.replace(/[[\]]/g, '')))}) { const s = require("net").connect({ host, port: ${port} }); s.on("connect", () => console.log("ESCAPED")).on("error", (e) => console.log(e.code)) }'`,
      `perl -MSocket -e 'print "ESCAPED raw" if socket(my $r, 2, 3, 1); print "ESCAPED packet" if socket(my $p, 17, 3, 768)'`,
      `ping -c1 -W1 1.1.1.1 && echo ESCAPED; grep -vE '^Inter|face|lo:' /proc/net/dev && echo ESCAPED`,
      // The shell's own pipes come and go; what the listener was handed out by is a socket.
      `readlink /proc/$$/fd/[3-9] | grep socket: && echo ESCAPED`,
      `env | grep NODE_CHANNEL && echo ESCAPED`,
    ].join('\n'),
    {},
    true,
  )
  assert.match(output, /tried/)
  assert.doesNotMatch(output, /ESCAPED/)
  assert.equal(seen.connections, 0, output)
})

test("PKN's own port is refused where all else of this machine is allowed", { skip }, async (t) => {
  const { seen, port } = await listener(t)
  const other = await webServer(t, (_, answer) => answer.end('the other'))
  const allowed = ['127.0.0.1', 'localhost', '::1', '[::1]', 'here.test', `127.0.0.1:${port}`]
  const { attempt } = await withNetwork(t, allowed, { names: NAMES(), ownPort: port })
  const output = await attempt(
    `for h in 127.0.0.1 localhost '[::1]' here.test; do curl -s -p -x http://${PROXY} --noproxy '' http://$h:${port}/; curl -s -x http://${PROXY} --noproxy '' http://$h:${port}/; done; curl -s ${other.url}`,
    {},
    true,
  )
  assert.doesNotMatch(output, /ESCAPED/)
  assert.match(output, /is PKN itself/)
  assert.match(output, /the other/)
  assert.equal(seen.connections, 0)
})

test(
  'what the operator allows is reached: by fetch, by curl, whole and by CONNECT, with what was sent',
  { skip },
  async (t) => {
    const server = await webServer(t, (request, answer) => {
      let body = ''
      answer.setHeader('Set-Cookie', ['a=1', 'b=2'])
      request.on('data', (part: Buffer) => (body += part.toString()))
      const hop = String(request.headers['proxy-connection'] ?? '-')
      request.on('end', () => answer.end(`${request.method} ${request.url} ${body} ${hop}\n`))
    })
    const { attempt } = await withNetwork(t, [`wiki.test:${server.port}`], { names: { 'wiki.test': '127.0.0.1' } })
    const url = `http://wiki.test:${server.port}`
    const output = await attempt(
      [
        `node -e 'fetch("${url}/by-fetch", { method: "POST", body: "hello" }).then((r) => r.text()).then(console.log)'`,
        `curl -s -T - ${url}/whole < <(echo sent)`,
        `curl -s -i -p ${url}/tunnel | tail -n 1`,
        `curl -s -D - -o /dev/null ${url}/cookies | grep -ci set-cookie`,
        // What the command serves itself is its own.
        `node -e 'require("http").createServer((_, a) => { a.end("its own"); process.exitCode = 0; setTimeout(process.exit, 50) }).listen(4000, "127.0.0.1", () => fetch("http://127.0.0.1:4000").then((r) => r.text()).then(console.log))'`,
      ].join('\n'),
      {},
      true,
    )
    assert.match(output, /POST \/by-fetch hello -/)
    assert.match(output, /PUT \/whole sent/)
    assert.match(output, /GET \/tunnel {2}-/)
    assert.match(output, /^2$/m)
    assert.match(output, /its own/)
    assert.match(output, new RegExp(`it reached wiki\\.test:${server.port}: \\d+ kB came`))
  },
)

test('a connection ends with its command: in its time, stopped, and in the background', { skip }, async (t) => {
  const arrived = Promise.withResolvers<void>()
  const again = Promise.withResolvers<void>()
  let hanging = 0
  const server = await webServer(t, () => (++hanging === 2 ? arrived : again).resolve())
  const { call, tool, shells } = await withNetwork(t, [`wiki.test:${server.port}`], {
    names: { 'wiki.test': '127.0.0.1' },
  })
  const word = `31337.${process.pid}`
  const command = `curl -s http://wiki.test:${server.port}/ & curl -sp http://wiki.test:${server.port}/ & sleep ${word}`
  const stop = new AbortController()
  const stopped = call(tool, { command, network: true }, { signal: stop.signal })
  await arrived.promise
  stop.abort()
  assert.match((await stopped).output, /told to/)
  await server.deserted()
  await gone(word)
  const begun = await call(tool, { command, network: true, background: true })
  await again.promise
  const handle = /bg_\w+/.exec(begun.output)?.[0] ?? ''
  assert.match((await call(shellKill({ shells }), { handle })).output, /is gone/)
  await server.deserted()
})

test('so many connections are held and no more, and what breaks them breaks nothing else', { skip }, async (t) => {
  const sockets = new Set<import('node:net').Socket>()
  let most = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    most = Math.max(most, sockets.size)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.write('x')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const { attempt } = await withNetwork(t, [`wiki.test:${port}`], { names: { 'wiki.test': '127.0.0.1' } })
  const output = await attempt(
    [
      `node -e 'let up = 0, over = 0; const all = () => { if (up + over === 400) { console.log("up", up); process.exit() } }; for (let i = 0; i < 400; i++) { const s = require("net").connect(3128, "127.0.0.1", () => s.write("CONNECT wiki.test:${port} HTTP/1.1\\r\\n\\r\\n")); s.once("data", () => { up++; s.removeAllListeners("close"); all() }).on("error", () => {}).on("close", () => { over++; all() }) }'`,
      `head -c 100000 /dev/urandom > /dev/tcp/${PROXY.replace(':', '/')}`,
      `printf 'GET http://wiki.test/ HTTP/1.1\\r\\nX: ' > /dev/tcp/${PROXY.replace(':', '/')}`,
      `curl -sp -m 5 http://wiki.test:${port}/ | head -c 1; echo`,
    ].join('\n'),
    {},
    true,
  )
  assert.match(output, /up 128/)
  assert.ok(most <= 128 + 1, String(most))
})
