import { ConfigError, loadConfig, type Config } from './config.ts'
import { LogFile } from './services/log-file.ts'
import { Fault } from './wire/fault.ts'

const HELP = `pkn: a private assistant on your own machine

  npm run serve        runs the server in the foreground

  PKN_PORT (8010)      its port; 0 takes any that is free
  PKN_HOST (127.0.0.1) its address
  PKN_HOME (~/.pkn)    its database, models, agents and pkn.config.json
`
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

async function main(): Promise<number | null> {
  if (process.argv.includes('--help')) {
    process.stdout.write(HELP)
    return 0
  }
  const config = readConfig()
  if (typeof config === 'string') {
    process.stderr.write(`${config}\n`)
    return 2
  }
  // Who reads them may leave (a closed terminal, `| head`); what matters is in the log.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => {})
  const log = new LogFile(config.logFile, { echo: process.stderr.isTTY })
  const { say } = log
  const fatal = async (text: string, cause: unknown): Promise<never> => {
    say({ level: 'error', text, cause })
    await log.close()
    process.exit(1)
  }
  process.on(
    'uncaughtException',
    (cause) => void fatal('Uncaught exception; the server stops, and its runs go on with the next start', cause),
  )

  try {
    const { startServer } = await import('./server.ts')
    const server = await startServer(config, say)
    const shown =
      config.host === '127.0.0.1' ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host
    say({ level: 'info', text: `DivineNode listens on ${config.host}:${server.port}, home ${config.home}` })
    let closing = false
    const stop = (signal: string) => {
      if (closing) return
      closing = true
      say({ level: 'info', text: `${signal}: stopping` })
      server.close().then(
        async () => {
          say({ level: 'info', text: 'DivineNode stopped' })
          await log.close()
          process.exit(0)
        },
        (cause: unknown) => fatal('The server could not stop in order', cause),
      )
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    // Last: whoever waits for this line may send a signal at once.
    process.stdout.write(`PKN is at http://${shown}:${server.port}/pkn.html\n`)
    return null
  } catch (cause) {
    process.stderr.write(`${plain(cause, config)}\n`)
    say({ level: 'error', text: 'The server could not start', cause })
    await log.close()
    return 1
  }
}

function readConfig(): Config | string {
  try {
    const config = loadConfig()
    if (LOOPBACK.test(config.host)) return config
    return `PKN_HOST is ${config.host}, which other machines can reach, and PKN has no authentication yet. Use 127.0.0.1 (and a tunnel, such as ssh -L, to reach it from elsewhere).`
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.message
    throw cause
  }
}

function plain(cause: unknown, config: Config): string {
  if (cause instanceof Fault) {
    const message = /[.!?]$/.test(cause.message) ? cause.message : `${cause.message}.`
    if (cause.code !== 'store.failed' || !/malformed|not a database/.test(cause.message))
      return `${message} ${cause.fix} ./pkn doctor tells more.`
    return `${message} The file is damaged. ./pkn doctor recover makes a new one of what can be read, and keeps the damaged one beside it.`
  }
  const { code } = cause as NodeJS.ErrnoException // listen() rejects with one
  if (code === 'EADDRINUSE')
    return `Port ${config.port} is taken. Stop what holds it (./pkn_control.sh status names it), or set PKN_PORT.`
  if (code === 'EACCES')
    return `Port ${config.port} on ${config.host} may not be used by this user. Set PKN_PORT to one above 1024.`
  return `The server could not start: ${cause instanceof Error ? cause.message : String(cause)}`
}

const code = await main()
if (code !== null) process.exit(code)
