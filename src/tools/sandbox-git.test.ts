import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../clock.ts'
import { openEgress } from './egress.ts'
import { findSandbox } from './sandbox.ts'
import { besiegedShell } from './testing/besieged.ts'

/** What can't be packed any smaller: many times what any buffer on the way holds. */
const BIG = 12 * 1024 * 1024
const sandbox = await findSandbox()
const skip =
  sandbox.kind === 'none'
    ? `no sandbox on this machine: ${sandbox.why}`
    : ['git', 'openssl'].find((program) => !on(program))
      ? 'git or openssl is not on this machine'
      : false

function on(program: string): boolean {
  return ['/usr/bin', '/usr/local/bin', '/bin'].some((folder) => existsSync(join(folder, program)))
}

/** A server of git over https, as the world has them: its own name, its own certificate, git's own program behind it. */
async function gitServer(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-git-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, stdio: 'pipe', env: { PATH: process.env['PATH'] ?? '', HOME: folder } })
  const name = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const to = ['-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=git.test']
  execFileSync('openssl', [...name, ...to, '-addext', 'subjectAltName=DNS:git.test'], { cwd: folder, stdio: 'pipe' })
  git('init', '-q', '--bare', '-b', 'main', 'cats.git')
  git('clone', '-q', 'cats.git', 'work')
  mkdirSync(join(folder, 'work/deep'))
  writeFileSync(join(folder, 'work/deep/README.md'), 'Of cats\n')
  writeFileSync(join(folder, 'work/big.bin'), randomBytes(BIG))
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'core.compression=0', '-C', 'work']
  git('-C', 'cats.git', 'config', 'pack.compression', '0')
  git(...as, 'add', '.')
  git(...as, 'commit', '-q', '-m', 'The first')
  git(...as, 'push', '-q', 'origin', 'HEAD:main')
  git('-C', 'cats.git', 'config', 'http.receivepack', 'true')

  const asked: string[] = []
  const server = createServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
    (request, answer) => {
      asked.push(`${request.method} ${request.url}`)
      const moved = /^\/moved(\/.*)$/.exec(request.url ?? '')?.[1]
      if (moved !== undefined) answer.writeHead(301, { Location: moved }).end()
      else if (request.url?.startsWith('/inward/'))
        answer.writeHead(302, { Location: `https://192.168.0.1${request.url.slice('/inward'.length)}` }).end()
      else backend(folder, request, answer)
    },
  )
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { folder, asked, port: (server.address() as AddressInfo).port }
}

/** Git's own program for it, as CGI. */
function backend(folder: string, request: IncomingMessage, answer: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://x')
  const program = join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend')
  const child = spawn(program, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? '',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'a',
    },
  })
  request.pipe(child.stdin)
  child.stdin.on('error', () => {})
  let head: Buffer | null = Buffer.alloc(0)
  child.stdout.on('data', (bytes: Buffer) => {
    if (head === null) return void answer.write(bytes)
    head = Buffer.concat([head, bytes])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    for (const line of head.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(/:\s*/, 2)
      if (name === 'Status') answer.statusCode = Number.parseInt(value, 10)
      else answer.setHeader(name, value)
    }
    answer.write(head.subarray(end + 4))
    head = null
  })
  child.once('close', () => answer.end())
}

/** What names lead to, beside that of the server: one within the network, one where nothing listens, and none. */
const NAMES: Record<string, string> = { 'git.test': '127.0.0.1', 'inner.test': '10.1.2.3', 'shut.test': '127.0.0.1' }

test('git clones, fetches and pushes over https by the proxy, and what is refused says why', { skip }, async (t) => {
  const { folder, asked, port } = await gitServer(t)
  const egress = openEgress({
    clock: systemClock,
    version: '0',
    allowPrivate: [`git.test:${port}`, 'shut.test:20001'],
    resolve: async (host) => (NAMES[host] === undefined ? [] : [{ address: NAMES[host], family: 4 }]),
  })
  const bench = await besiegedShell(t, egress)
  copyFileSync(join(folder, 'cert.pem'), join(bench.folder, 'cert.pem'))
  const git = `https://git.test:${port}`
  const trust = 'export GIT_SSL_CAINFO=$PWD/cert.pem'
  const output = await bench.attempt(
    [
      trust,
      `git clone -q ${git}/moved/cats.git cats && cat cats/deep/README.md && wc -c < cats/big.bin`,
      'cd cats && echo more > more.md && git add . && git -c user.name=A -c user.email=a@b.test commit -q -m More',
      'git push -q origin HEAD:main && git fetch -q && git log --format=%s origin/main; cd ..',
    ].join('\n'),
    {},
    true,
  )
  assert.match(
    output,
    new RegExp(`^Of cats\n${BIG}\nMore\nThe first\ntried\n\\[exit code 0 .*it reached git.test:${port}: `),
  )
  assert.equal(asked[0], 'GET /moved/cats.git/info/refs?service=git-upload-pack')
  assert.ok(asked.includes('POST /cats.git/git-receive-pack'))

  const refused = await bench.attempt(
    [
      trust,
      // Without the certificate it is git that refuses, and not PKN.
      `GIT_SSL_CAINFO=/etc/ssl/certs/ca-certificates.crt git ls-remote ${git}/cats.git`,
      `git ls-remote ${git}/inward/cats.git`,
      'git ls-remote https://inner.test/x.git',
      'git ls-remote https://nowhere.test/x.git',
      'git ls-remote https://shut.test:20001/x.git',
      'git ls-remote http://inner.test/plain.git',
    ].join('\n'),
    {},
    true,
  )
  for (const said of [
    /certificate/,
    // What git itself says of a tunnel is a number only; of http it tells the words.
    /remote: inner\.test \(10\.1\.2\.3\) is within this machine or its network/,
    /; refused: 192\.168\.0\.1:443, inner\.test:443, nowhere\.test:443, shut\.test:20001, http:\/\/inner\.test\/plain\.git\/\S+\. /,
    /192\.168\.0\.1 is within this machine or its network, where tools may not look\. Who runs PKN can allow it:/,
    /\. There is no host named nowhere\.test\. Nothing listens at shut\.test:20001\.\]$/,
  ])
    assert.match(refused, said)
})
