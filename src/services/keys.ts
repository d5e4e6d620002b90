import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from './whole-file.ts'

const Sealed = z.record(z.string(), z.object({ iv: z.string(), tag: z.string(), text: z.string() }))
type Sealed = z.infer<typeof Sealed>

/** Keys of providers, by name. What a program says of them is only whether there is one. */
export type Keys = {
  names: () => string[]
  get: (name: string) => string | null
  set: (name: string, key: string) => void
  /** Whether there was one. */
  remove: (name: string) => boolean
}

/** The keys can't be read: the file is damaged, or was sealed with another secret. */
export class KeysUnreadable extends Error {}

/**
 * Keys at rest, in PKN_HOME/keys.json, sealed with AES-256-GCM under the secret in PKN_HOME/keys.secret; both are readable by their owner
 * alone. A copy of one of the two (a backup of the folder's JSON files, a support bundle) gives nothing away. Read anew each time, so that
 * a change counts at once.
 */
export function openKeys(home: string): Keys {
  const path = join(home, 'keys.json')
  const secretPath = join(home, 'keys.secret')
  const read = (): Sealed => {
    const text = textOf(path)
    if (text === null) return {}
    try {
      return Sealed.parse(JSON.parse(text))
    } catch (cause) {
      throw new KeysUnreadable(`${path} is damaged; delete it and set the keys again`, { cause })
    }
  }
  const secretOf = (): Buffer | null => {
    const text = textOf(secretPath)
    return text === null ? null : Buffer.from(text.trim(), 'base64')
  }
  return {
    names: () => Object.keys(read()).sort(),
    get: (name) => {
      const sealed = read()[name]
      if (sealed === undefined) return null
      const secret = secretOf()
      try {
        const open = createDecipheriv('aes-256-gcm', secret ?? '', Buffer.from(sealed.iv, 'base64'))
        open.setAAD(Buffer.from(name))
        open.setAuthTag(Buffer.from(sealed.tag, 'base64'))
        return Buffer.concat([open.update(Buffer.from(sealed.text, 'base64')), open.final()]).toString('utf8')
      } catch (cause) {
        throw new KeysUnreadable(`the key of ${name} was sealed with another secret; set it again`, { cause })
      }
    },
    set: (name, key) => {
      let secret = secretOf()
      if (secret?.length !== 32) {
        secret = randomBytes(32)
        writeWhole(secretPath, `${secret.toString('base64')}\n`)
      }
      const iv = randomBytes(12)
      const seal = createCipheriv('aes-256-gcm', secret, iv)
      seal.setAAD(Buffer.from(name))
      const text = Buffer.concat([seal.update(key, 'utf8'), seal.final()])
      const sealed = {
        iv: iv.toString('base64'),
        tag: seal.getAuthTag().toString('base64'),
        text: text.toString('base64'),
      }
      writeWhole(path, `${JSON.stringify({ ...read(), [name]: sealed }, null, 2)}\n`)
    },
    remove: (name) => {
      const { [name]: gone, ...rest } = read()
      if (gone === undefined) return false
      if (Object.keys(rest).length === 0) rmSync(path, { force: true })
      else writeWhole(path, `${JSON.stringify(rest, null, 2)}\n`)
      return true
    },
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw cause
  }
}
