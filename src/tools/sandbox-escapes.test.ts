import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { newSessionId } from '../wire/id.ts'
import { BOUNDS, findSandbox } from './sandbox.ts'
import { watchSandbox } from './sandbox-watch.ts'
import { shellKill } from './shell-kill.ts'
import { startCommand } from './shell-process.ts'
import { besiegedShell, ENV_SECRET, gone, running, SECRET } from './testing/besieged.ts'
import { write } from './write.ts'

const sandbox = await findSandbox()
const skip = sandbox.kind === 'none' ? `no sandbox on this machine: ${sandbox.why}` : false
const ARM = process.arch === 'arm64'
const CALLS = {
  ptrace: ARM ? 117 : 101,
  process_vm_readv: ARM ? 270 : 310,
  mount: ARM ? 40 : 165,
  unshare: ARM ? 97 : 272,
  setns: ARM ? 268 : 308,
  keyctl: ARM ? 219 : 250,
  bpf: ARM ? 280 : 321,
  perf_event_open: ARM ? 241 : 298,
  userfaultfd: ARM ? 282 : 323,
  io_uring_setup: 425,
  open_by_handle_at: ARM ? 265 : 304,
  init_module: ARM ? 105 : 175,
  kexec_load: ARM ? 104 : 246,
  syslog: ARM ? 116 : 103,
  clone: ARM ? 220 : 56,
}
type Call = keyof typeof CALLS
/** Asks the kernel for that, with numbers for arguments, and says what it answered. */
const kernel = (call: Call, ...args: (number | string)[]) =>
  `perl -e '$r = syscall(${[CALLS[call], ...args].join(', ')}); print $r == -1 ? "refused ".($!+0)." " : "ESCAPED by ${call} "'`
const token = () => `31536.${String(process.pid)}${String(Math.floor(Math.random() * 1e9))}`

type Place = { around: string; folder: string }
/** Each says ESCAPED, or a secret, if it comes through. */
const ATTEMPTS: [string, (place: Place) => string][] = [
  ['the passwords of the system', () => 'cat /etc/shadow /etc/gshadow /etc/shadow- && echo ESCAPED'],
  [
    'the home folder',
    // Where the workspace lies within it, the way to it is seen, and nothing else.
    ({ folder }) =>
      `ls -A ${homedir()} | grep -vxF -e '${relative(homedir(), folder).split('/')[0] ?? ''}' && echo ESCAPED; cat ~/.ssh/* ~root/.ssh/* ${homedir()}/.ssh/*`,
  ],
  ['keys for ssh', ({ around }) => `cat ${around}/.ssh/id_ed25519 ../.ssh/id_ed25519 /etc/ssh/* && echo ESCAPED`],
  ["PKN's own folder", ({ around }) => `cat ${around}/pkn.db ../pkn.db; ls ${around} | grep -v work && echo ESCAPED`],
  [
    'folders that are held open',
    () => 'for f in /proc/[0-9]*/fd/*; do cat $f/../pkn.db; ls $f/.. | grep -x other && echo ESCAPED; done',
  ],
  ["another session's workspace", ({ around }) => `cat ${around}/other/notes.txt ../other/notes.txt && echo ESCAPED`],
  [
    'the root of the first process',
    ({ around }) =>
      `for p in 1 2 self thread-self $PPID; do cat /proc/$p/root${around}/pkn.db /proc/$p/cwd/../pkn.db; ls /proc/$p/root/root /proc/$p/root/var/lib && echo ESCAPED; done`,
  ],
  ["the server's environment by /proc", () => `cat /proc/[0-9]*/environ /proc/${process.pid}/environ | tr '\\0' '\\n'`],
  [
    'the environment',
    () =>
      `env; set; export -p; node -p 'JSON.stringify(process.env)'; env | grep -c . | awk '$1 > 12 {print "ESC" "APED"}'`,
  ],
  [
    "the server's open files",
    () =>
      `for f in /proc/[0-9]*/fd/*; do t=$(readlink $f); case $t in /dev/*|/proc/*|pipe:*|socket:*|anon_inode*|'') ;; *) echo "$t"; cat $f; echo ESCAPED;; esac; done; ls /proc/$$/fd | grep -vx '[0-4]\\|255' && echo ESCAPED`,
  ],
  ['tracing the server', () => `${kernel('ptrace', 16, process.pid, 0, 0)}; ${kernel('ptrace', 16, 1, 0, 0)}`],
  [
    "reading the server's memory",
    () => `${kernel('process_vm_readv', 1, 0, 0, 0, 0, 0)}; cat /proc/${process.pid}/mem /proc/1/mem && echo ESCAPED`,
  ],
  [
    'seeing other processes',
    () => `ls -d /proc/${process.pid} && echo ESCAPED; ls -d /proc/[0-9]* | wc -l | awk '$1 > 12 {print "ESCAPED"}'`,
  ],
  [
    'a mount',
    ({ around }) =>
      `mkdir -p m; mount -t tmpfs none m && echo ESCAPED; mount --bind / m && echo ESCAPED; mount -t proc proc m && echo ESCAPED; ls m${around} && echo ESCAPED; ${kernel('mount', 0, 0, 0, 0, 0)}`,
  ],
  [
    'a system that is mounted anew for writing',
    () =>
      'mount -o remount,rw /usr && echo ESCAPED; mount -o remount,rw,bind / && echo ESCAPED; umount -l /proc/sys && echo ESCAPED',
  ],
  [
    'namespaces of its own',
    () =>
      `unshare -Ur id && echo ESCAPED; unshare -m true && echo ESCAPED; ${kernel('unshare', 0x10000000)}; ${kernel('clone', 0x10000011, 0, 0, 0, 0)}`,
  ],
  ['another namespace', () => `${kernel('setns', 0, 0)}; nsenter -t 1 -m ls / && echo ESCAPED`],
  ['chroot', () => `perl -e 'print "ESCAPED" if chroot("/usr")'; chroot /usr /bin/true && echo ESCAPED`],
  [
    'programs that run as root',
    () =>
      `for p in su sudo mount passwd pkexec; do command -v $p && timeout 5 $p -n id < /dev/null; done; su root -c id < /dev/null; cp /usr/bin/id own; chmod 6755 own; ./own; id -u | grep -x 0 && echo ESCAPED; grep -q 'NoNewPrivs:.1' /proc/self/status || echo ESCAPED; grep 'Cap[PEBA].*[1-9a-f]$' /proc/self/status && echo ESCAPED`,
  ],
  [
    'writing to the system',
    () =>
      'for d in / /usr /usr/bin /usr/local/bin /etc /bin /lib /opt /opt/pkn/bin /dev /proc/sys /home /var /root /srv; do touch $d/pkn-was-here && echo ESCAPED to $d; done; echo x >> /etc/passwd && echo ESCAPED; echo x >> /etc/hosts && echo ESCAPED',
  ],
  [
    'the program of the server',
    () =>
      'n=$(command -v node); echo x >> $n && echo ESCAPED; rm -f $n && echo ESCAPED; mv $n /tmp/n && echo ESCAPED; chmod 0 $n && echo ESCAPED',
  ],
  [
    'device nodes',
    () =>
      'mknod disk b 8 0 && echo ESCAPED; mknod mem c 1 1 && echo ESCAPED; mknod /tmp/kmsg c 1 11 && echo ESCAPED; ls /dev/sd* /dev/vd* /dev/nvme* /dev/mem /dev/kvm /dev/fuse && echo ESCAPED',
  ],
  [
    "the machine's devices",
    () =>
      'for d in null zero full random urandom tty; do chmod 0 /dev/$d && echo ESCAPED; rm -f /dev/$d && echo ESCAPED; done',
  ],
  [
    'hard links',
    ({ around }) =>
      `ln ${around}/pkn.db own && echo ESCAPED; ln /etc/passwd own && echo ESCAPED; ln /usr/bin/env own && echo ESCAPED; ln /proc/self/exe own && echo ESCAPED`,
  ],
  [
    'names from the server',
    () =>
      "dig +time=1 +tries=1 example.com | grep -q ANSWER && echo ESCAPED; getent hosts example.com && echo ESCAPED; timeout 10 node -e \"require('dns').lookup('example.com', (e) => console.log(e ? e.code : 'ESCAPED'))\"",
  ],
  [
    'a network of any kind',
    () =>
      `ls /sys/class/net && echo ESCAPED; grep -vE '^Inter|face|lo:' /proc/net/dev && echo ESCAPED; ping -c1 -W1 8.8.8.8 && echo ESCAPED; perl -MSocket -e 'for $f (40, 17, 29, 31, 38) { print "ESCAPED $f" if socket(my $s, $f, 1, 0) } print "ESCAPED raw" if socket(my $r, 2, 3, 1)'`,
  ],
  [
    'sockets of the system',
    () =>
      'ls /var/run/docker.sock /run/docker.sock /run/dbus /run/user /run/systemd /var/run /tmp/.X11-unix && echo ESCAPED; docker ps && echo ESCAPED',
  ],
  [
    'typing into a terminal',
    () =>
      `perl -e 'for $f (0..2) { open(my $h, "<&=", $f); $c = "x"; print "ESCAPED" if ioctl($h, 0x5412, $c) } print "ESCAPED" if open(my $t, "+<", "/dev/tty")'; script -qc true /dev/null < /dev/null > /dev/null; perl -e 'open(my $p, "+<", "/dev/ptmx") or exit; $c = "x"; print "ESCAPED" if ioctl($p, 0x5412, $c)'`,
  ],
  [
    'settings of the kernel',
    () =>
      `for f in kernel/core_pattern kernel/pid_max kernel/modprobe kernel/hostname vm/overcommit_memory net/ipv4/ip_forward fs/binfmt_misc/register; do { echo 1 > /proc/sys/$f; } && echo ESCAPED $f; done; { echo h > /proc/sysrq-trigger; } && echo ESCAPED; { echo -1000 > /proc/self/oom_score_adj; } && echo ESCAPED; hostname pwned && echo ESCAPED; date -s 2001-01-01 && echo ESCAPED`,
  ],
  [
    'control groups',
    () =>
      `ls /sys/fs/cgroup /sys/kernel && echo ESCAPED; mkdir -p c; mount -t cgroup -o memory cgroup c && echo ESCAPED; mount -t cgroup2 none c && echo ESCAPED`,
  ],
  [
    "the kernel's log",
    () =>
      `dmesg && echo ESCAPED; timeout 2 head -c 10 /dev/kmsg && echo ESCAPED; timeout 2 head -c 10 /proc/kmsg && echo ESCAPED; cat /proc/kcore | head -c 10 | grep -q . && echo ESCAPED; ${kernel('syslog', 3, 0, 0)}`,
  ],
  [
    'calls of the kernel that have been ways out',
    () =>
      (
        [
          'keyctl',
          'bpf',
          'perf_event_open',
          'userfaultfd',
          'io_uring_setup',
          'open_by_handle_at',
          'init_module',
          'kexec_load',
        ] as const
      )
        .map((call) => kernel(call, 0, 0, 0, 0, 0))
        .join('; '),
  ],
  [
    'a debugger, a password manager, a schedule',
    () =>
      'crontab -l && echo ESCAPED; echo "echo x" | at now && echo ESCAPED; systemctl --user status && echo ESCAPED; loginctl && echo ESCAPED; ls /var/spool && echo ESCAPED',
  ],
]

for (const [what, command] of ATTEMPTS)
  test(`from the sandbox nothing comes of: ${what}`, { skip }, async (t) => {
    const { around, folder, attempt } = await besiegedShell(t)
    const before = readdirSync(around).toSorted()
    const output = await attempt(command({ around, folder }))
    assert.match(output, /\btried\n/, output)
    assert.doesNotMatch(output, /ESCAPED/, output)
    for (const secret of [SECRET, ENV_SECRET, 'root:$', 'PRIVATE KEY']) assert.ok(!output.includes(secret), output)
    assert.deepEqual(readdirSync(around).toSorted(), before)
    assert.equal(readFileSync(join(around, 'pkn.db'), 'utf8'), SECRET)
    for (const path of ['/pkn-was-here', '/usr/pkn-was-here', '/etc/pkn-was-here', '/dev/pkn-was-here'])
      assert.ok(!existsSync(path), path)
    assert.equal(statSync('/dev/null').mode & 0o777, 0o666)
  })

test('from the sandbox nobody outside is killed', { skip }, async (t) => {
  const { attempt } = await besiegedShell(t)
  const bystander = spawn('sleep', ['600'], { stdio: 'ignore' })
  t.after(() => bystander.kill())
  const pids = `${process.pid} ${process.ppid} ${bystander.pid ?? 0}`
  assert.match(await attempt(`for p in ${pids}; do kill -9 $p; kill -9 -$p; done`), /tried/)
  await attempt('kill -9 -1')
  await attempt('kill -9 1; kill -9 -- -1')
  assert.equal(bystander.exitCode, null)
  assert.equal(bystander.signalCode, null)
})

test('what the sandbox links to the outside is not written by a tool of the server', { skip }, async (t) => {
  const { around, folder, attempt, call } = await besiegedShell(t)
  await attempt(
    `ln -s ${around}/pkn.db a; ln -s ../pkn.db b; ln -s ${around} c; ln -s ../../../../../../etc d; mkfifo pipe`,
  )
  assert.deepEqual(readdirSync(folder).toSorted(), ['a', 'b', 'c', 'd', 'pipe'])
  for (const path of ['a', 'b', 'c/pkn.db', 'c/new', 'd/pkn-was-here', 'pipe']) {
    const { ok, output } = await call(write, { path, content: 'theirs' })
    assert.equal(ok, false, `${path}: ${output}`)
  }
  assert.equal(readFileSync(join(around, 'pkn.db'), 'utf8'), SECRET)
  assert.ok(!existsSync(join(around, 'new')) && !existsSync('/etc/pkn-was-here'))
})

test(
  'from the sandbox no listener of this machine is reached: TCP, UDP, an abstract socket, one with a name',
  { skip },
  async (t) => {
    const { around, attempt } = await besiegedShell(t)
    let reached = 0
    const listen = async (server: ReturnType<typeof createServer>, at: string | number) => {
      server.on('connection', (socket) => (reached++, socket.destroy()))
      await (typeof at === 'string'
        ? new Promise<void>((resolve) => server.listen(at, resolve))
        : new Promise<void>((resolve) => server.listen(at, '0.0.0.0', resolve)))
      t.after(() => server.close())
      return server.address()
    }
    const { port } = (await listen(createServer(), 0)) as AddressInfo
    const abstract = `pkn-test-${process.pid}`
    await listen(createServer(), `\0${abstract}`)
    await listen(createServer(), join(around, 'sock'))
    const udp = createSocket('udp4').on('message', () => reached++)
    udp.bind(0, '0.0.0.0')
    await once(udp, 'listening')
    t.after(() => udp.close())
    const output = await attempt(
      [
        `for h in 127.0.0.1 localhost 0.0.0.0 10.0.0.1; do timeout 2 bash -c "echo hi > /dev/tcp/$h/${port}" && echo ESCAPED; echo hi > /dev/udp/$h/${udp.address().port}; done`,
        `node -e 'for (const path of ["\\0${abstract}", "${join(around, 'sock')}"]) require("net").connect({ path }).on("connect", () => console.log("ESCAPED")).on("error", (e) => console.log(e.code))'`,
        `timeout 5 node -e 'fetch("http://127.0.0.1:${port}").catch((e) => console.log(e.cause.code))'`,
      ].join('\n'),
    )
    assert.match(output, /tried/)
    assert.doesNotMatch(output, /ESCAPED/)
    assert.equal(reached, 0, output)
  },
)

test('one sandbox sees nothing of another, nor of what was there before', { skip }, async (t) => {
  const { attempt, shells, use } = await besiegedShell(t)
  const other = use({ session: newSessionId() })
  await shells.start(other, {
    command: `echo '${SECRET}' > /tmp/mine; exec sleep 600.4242 '${SECRET.slice(0, 3)}'`,
    network: false,
  })
  await attempt(`echo left > /tmp/left; echo left > ~/left; echo left > /dev/shm/left; echo left > /tmp/.bashrc`)
  const output = await attempt(`cat /tmp/* ~/* /dev/shm/* /proc/[0-9]*/cmdline | tr '\\0' ' '; ps -A -o args; ipcs -m`)
  assert.match(output, /tried/)
  assert.doesNotMatch(output, /left\n|600\.4242|the secret/)
})

test('a fork bomb is bounded, and nothing of it is left', { skip }, async (t) => {
  const { call, tool } = await besiegedShell(t)
  const word = token()
  const command = `perl -e 'for (1..20000) { $p = fork; next if $p; if (defined $p) { exec "sleep", "${word}" } $no++ } print "refused $no\\n"'; echo over; sleep ${word}`
  const { ok, output } = await call(tool, { command, timeout_seconds: 20 })
  assert.equal(ok, false)
  assert.match(output, /too many processes|its time was over/)
  await gone(word)
})

test('no program takes more memory than is bounded', { skip }, async (t) => {
  const { attempt } = await besiegedShell(t)
  const much = BOUNDS.memoryBytes + 1024 ** 3
  const output = await attempt(
    `perl -e '$x = "x" x ${much}; print "ESCAPED"'; { echo -17 > /proc/self/oom_adj; }; ulimit -d unlimited && echo ESCAPED`,
  )
  assert.match(output, /tried/)
  assert.doesNotMatch(output, /ESCAPED/)
})

test(
  'what all of a call have together is counted: processes, memory, and the disk that is left',
  { skip },
  async (t) => {
    const { folder } = await besiegedShell(t)
    const usual = { processes: 600, memoryBytes: 1e12, leastDisk: 0 }
    for (const [what, most] of [
      ['processes', { ...usual, processes: 3 }],
      ['memory', { ...usual, memoryBytes: 60e6 }],
      ['disk', { ...usual, leastDisk: 1e18 }],
    ] as const) {
      const command = `for i in 1 2; do perl -e '$x = "x" x 40e6; sleep 600' & done; wait`
      const running = startCommand({ sandbox, clock: systemClock, folder, command, network: null }, () => {})
      const over = Promise.withResolvers<string>()
      const unwatch = watchSandbox({ outer: running.pid ?? 0, folder, clock: systemClock, most }, over.resolve)
      // A pending look keeps no process alive, and the command's own end does.
      const held = setInterval(() => {}, 1000)
      assert.equal(await over.promise, what)
      unwatch()
      clearInterval(held)
      running.end('stopped')
      await running.ended
    }
  },
)

test('no file grows beyond its bound, and what is temporary has one too', { skip }, async (t) => {
  const { folder, attempt } = await besiegedShell(t)
  const much = BOUNDS.fileBytes + 1024 ** 3
  const output = await attempt(
    `perl -e '$SIG{XFSZ} = "IGNORE"; open(F, ">", "big"); print truncate(F, ${much}) ? "ESCAPED" : "refused"'; for f in /tmp/big ~/big /dev/shm/big; do fallocate -l 1900M $f && echo ESCAPED; done; ulimit -f unlimited && echo ESCAPED`,
  )
  assert.match(output, /refused/)
  assert.doesNotMatch(output, /ESCAPED/)
  assert.ok(statSync(join(folder, 'big')).size <= BOUNDS.fileBytes)
})

/** Each way in which a program may try to live on. */
const surviving = (word: string) =>
  [
    `sleep ${word} &`,
    `nohup sleep ${word} > /dev/null 2>&1 &`,
    `setsid sleep ${word} > /dev/null 2>&1 < /dev/null &`,
    `(setsid sh -c 'sleep ${word} & sleep ${word} &' > /dev/null 2>&1 &)`,
    `perl -MPOSIX -e 'fork && exit; POSIX::setsid(); fork && exit; close STDIN; close STDOUT; close STDERR; $SIG{HUP} = $SIG{TERM} = "IGNORE"; exec "sleep", "${word}"'`,
    `disown -a`,
  ].join('\n')

test('nothing lives on after a command has ended', { skip }, async (t) => {
  const { attempt } = await besiegedShell(t)
  const word = token()
  assert.match(await attempt(`${surviving(word)}\nsleep 0.1; pgrep -fc ${word}`), /tried/)
  await gone(word)
})

test('nothing lives on after a command was stopped, or its time was over', { skip }, async (t) => {
  const { call, tool, said } = await besiegedShell(t)
  const word = token()
  const stop = new AbortController()
  const stopped = call(
    tool,
    { command: `${surviving(word)}\necho up; sleep ${word}` },
    {
      signal: stop.signal,
      say: (text) => {
        said.push(text)
        if (said.join('').includes('up')) stop.abort()
      },
    },
  )
  assert.match((await stopped).output, /told to/)
  await gone(word)
  const late = await call(tool, { command: `${surviving(word)}\nsleep ${word}`, timeout_seconds: 1 })
  assert.match(late.output, /its time was over/)
  await gone(word)
})

test('nothing lives on after shell_kill, and after the server has closed', { skip }, async (t) => {
  const { call, tool, shells } = await besiegedShell(t)
  const [first, second] = [token(), token()]
  const begun = await call(tool, { command: `${surviving(first)}\nsleep ${first}`, background: true })
  await call(tool, { command: `${surviving(second)}\nsleep ${second}`, background: true })
  const handle = /bg_\w+/.exec(begun.output)?.[0] ?? ''
  assert.match((await call(shellKill({ shells }), { handle })).output, /is gone/)
  await gone(first)
  await shells.close()
  await gone(second)
})

/** A server of its own that has started the command, and the way to kill it without warning. */
async function dyingServer(command: string) {
  const file = new URL('./testing/dying-server.ts', import.meta.url).pathname
  const server = spawn(process.execPath, [file, command], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]()
  const around = String((await lines.next()).value)
  await lines.next()
  return async () => {
    server.kill('SIGKILL')
    await ended
    rmSync(around, { recursive: true, force: true })
  }
}

test('nothing lives on after the server was killed', { skip }, async () => {
  const word = token()
  const kill = await dyingServer(`${surviving(word)}\nexec sleep ${word}`)
  while (running(`sleep\0${word}`).length < 3) await new Promise((resolve) => setTimeout(resolve, 20))
  await kill()
  await gone(word)
})

test('a server that is killed while the sandbox is being made leaves nothing that runs', { skip }, async () => {
  for (let round = 0; round < 5; round++) {
    const word = token()
    const kill = await dyingServer(`exec sleep ${word}`)
    await kill()
    await gone(word)
  }
})
