import { join } from 'node:path'

export type UnitGiven = {
  project: string
  home: string
  /** The program that runs it. */
  node: string
  logFile: string
  user: string
  /** What is told to it beside where its home is. Never a key: a unit can be read by others. */
  env: Readonly<Record<string, string>>
}

/** What may be passed on into a unit: where things are, and nothing that could be a secret. */
const PLAIN =
  /^(PATH|LANG|PKN_\w+|LLAMA_BASE_URL|OLLAMA_(BASE_URL|HOST)|OPENAI_BASE_URL|HF_ENDPOINT|(HTTPS?|NO|ALL)_PROXY)$/

export const unitEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (pair): pair is [string, string] =>
        PLAIN.test(pair[0]) && !pair[0].startsWith('PKN_TEST') && !!pair[1] && !/\/\/[^/]*:[^/]*@/.test(pair[1]),
    ),
  )

const argsOf = ({ node, project }: UnitGiven): string[] => [
  node,
  '--max-semi-space-size=1',
  join(project, 'src/serve.mjs'),
]

const environmentOf = ({ env, home, logFile }: UnitGiven): [string, string][] =>
  Object.entries({ ...env, PKN_HOME: home, PKN_LOG_FILE: logFile, MALLOC_ARENA_MAX: '1' })

/**
 * A unit for systemd. What it is kept from is what neither Node nor a model engine needs: memory that is both written and run stays allowed
 * (V8 makes code), and so do devices (GPUs) and namespaces (a sandbox for tools).
 */
export function systemdUnit(given: UnitGiven, scope: 'user' | 'system'): string {
  const { project, home, user } = given
  return `[Unit]
Description=PKN, a private assistant on this machine (DivineNode)
Documentation=file:${link(join(project, 'docs/operations.md'))}
After=network.target
StartLimitIntervalSec=120
StartLimitBurst=5

[Service]
Type=exec
${scope === 'system' ? `User=${user}\n` : ''}ExecStart=${argsOf(given).map(word).join(' ')}
WorkingDirectory=${percent(project)}
${environmentOf(given)
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`)
  .join('\n')}
# Keys of providers, a line NAME=value each, in a file that only you can read.
EnvironmentFile=-${percent(join(home, 'environment'))}
Restart=on-failure
RestartSec=2
# The server is asked first, and puts down in order what it does; its engine ends with it.
KillMode=mixed
TimeoutStopSec=30
LimitNOFILE=65536
LimitCORE=0
UMask=0077
NoNewPrivileges=yes
ProtectSystem=full
ProtectControlGroups=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
${scope === 'system' ? 'ProtectKernelModules=yes\nProtectKernelLogs=yes\nProtectClock=yes\nPrivateTmp=yes\nCapabilityBoundingSet=\n' : ''}
[Install]
WantedBy=${scope === 'system' ? 'multi-user.target' : 'default.target'}
`
}

const percent = (text: string) => text.replaceAll('%', '%%')
const link = (path: string) => percent(encodeURI(path))
const quoted = (text: string) => `"${percent(text).replaceAll(/["\\]/g, '\\$&')}"`
const word = (text: string) => (/^[\w@+=:,./-]+$/.test(text) ? text : quoted(text).replaceAll('$', '$$$$'))

export const LAUNCHD_LABEL = 'org.pkn.divinenode'

/** An agent for launchd, which starts it when its user logs in. */
export function launchdPlist(given: UnitGiven): string {
  const output = xml(join(given.home, 'divinenode.out'))
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${LAUNCHD_LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${argsOf(given)
  .map((arg) => `    <string>${xml(arg)}</string>`)
  .join('\n')}
  </array>
  <key>WorkingDirectory</key><string>${xml(given.project)}</string>
  <key>EnvironmentVariables</key>
  <dict>
${environmentOf(given)
  .map(([name, value]) => `    <key>${xml(name)}</key><string>${xml(value)}</string>`)
  .join('\n')}
  </dict>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>ThrottleInterval</key><integer>5</integer>
  <key>ExitTimeOut</key><integer>30</integer>
  <key>ProcessType</key><string>Interactive</string>
  <key>Umask</key><integer>63</integer>
  <key>SoftResourceLimits</key><dict><key>NumberOfFiles</key><integer>65536</integer></dict>
  <key>StandardOutPath</key><string>${output}</string>
  <key>StandardErrorPath</key><string>${output}</string>
</dict>
</plist>
`
}

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
