import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ConfigFile } from '../config.ts'
import { KeysUnreadable, openKeys } from '../services/keys.ts'
import { CloudProvider } from '../wire/model.ts'
import { Failed, UsageError, type ExitCode } from './command.ts'
import { say, sayJson } from './terminal.ts'

const LONGEST = 4000

type Given = { home: string; provider: string | undefined; remove: boolean; json: boolean; file: unknown }

/** Shows which providers have a key, or takes one from the terminal (unseen) or the pipe, and keeps it sealed. */
export async function configKey({ home, provider, remove, json, file }: Given): Promise<ExitCode> {
  const keys = openKeys(home)
  try {
    if (provider === undefined) {
      const names = keys.names()
      if (json) sayJson(names)
      else say(names.length === 0 ? 'No key is kept here.' : `There are keys for ${names.join(', ')}.`)
      return 0
    }
    const known = CloudProvider.safeParse(provider)
    if (!known.success)
      throw new UsageError(`"${provider}" is no provider; there are ${CloudProvider.options.join(', ')}`)
    const name = known.data
    if (remove) {
      say(keys.remove(name) ? `The key of ${name} is gone.` : `There was no key of ${name}.`)
      return 0
    }
    const key = (process.stdin.isTTY ? await typed(`Key of ${name} (it is not shown): `) : await piped()).trim()
    if (key === '') throw new Failed('No key came, so nothing was changed.')
    if (/\s/.test(key) || key.length > LONGEST)
      throw new Failed('That is no key: it has more than one word. Nothing was changed.')
    keys.set(name, key)
    say(`The key of ${name} is kept, sealed, in ${home}/keys.json, and counts from the next answer on.`)
    const parsed = ConfigFile.safeParse(file)
    if (parsed.success && !parsed.data.cloud.some((one) => one.provider === name))
      say(
        `Nothing is sent there before it is named: pkn config set cloud '[{"provider":"${name}","models":["MODEL"]}]'`,
      )
    return 0
  } catch (cause) {
    if (cause instanceof KeysUnreadable) throw new Failed(cause.message, { cause })
    throw cause
  }
}

async function piped(): Promise<string> {
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8') as AsyncIterable<string>) {
    text += piece
    if (text.length > LONGEST * 2) break
  }
  return text
}

/** What is typed is written nowhere. */
async function typed(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await reader.question('')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
