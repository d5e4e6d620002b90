import { createHash, type Hash } from 'node:crypto'
import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'

const About = z.object({
  /** By which a server knows whether it still is the same file. */
  tag: z.string().nullable(),
  sha256: z.string().nullable(),
  total: z.number().nullable(),
})
export type About = z.infer<typeof About>

const UNKNOWN: About = { tag: null, sha256: null, total: null }
const PIECE = 1 << 20

/** What has arrived of a file, and what is known of the file that it is part of. Survives its process: what was written is gone on from. */
export class Part {
  readonly path: string
  #bytes = 0
  #about: About = UNKNOWN
  #hash: Hash = createHash('sha256')
  #hashed = 0
  #file: FileHandle | null = null

  private constructor(path: string) {
    this.path = path
  }
  static async open(path: string): Promise<Part> {
    const part = new Part(path)
    const found = await readFile(`${path}.json`, 'utf8').catch(() => null)
    part.#about = found === null ? UNKNOWN : readAbout(found)
    part.#bytes = await stat(path).then(
      (s) => s.size,
      () => 0,
    )
    return part
  }

  get bytes(): number {
    return this.#bytes
  }
  get about(): About {
    return this.#about
  }

  /** Noted before the first byte is written, so that no byte is ever taken for one of another file. */
  async note(about: About): Promise<void> {
    if (about.tag === this.#about.tag && about.sha256 === this.#about.sha256 && about.total === this.#about.total)
      return
    await writeFile(`${this.path}.json.new`, JSON.stringify(about))
    await rename(`${this.path}.json.new`, `${this.path}.json`)
    this.#about = about
  }

  async write(piece: Uint8Array, hashing: boolean): Promise<void> {
    this.#file ??= await open(this.path, this.#bytes > 0 ? 'r+' : 'w')
    const at = this.#bytes
    const { bytesWritten } = await this.#file.write(piece, 0, piece.length, at)
    // A disk that fills up may take only the beginning; what it took is kept.
    this.#bytes += bytesWritten
    if (bytesWritten < piece.length) return await this.write(piece.subarray(bytesWritten), hashing)
    if (!hashing || this.#hashed !== at) return
    this.#hash.update(piece)
    this.#hashed += piece.length
  }

  /** The hash of all that is there. Reads again only what was not hashed as it was written. */
  async sha256(tell: (read: number) => void, signal: AbortSignal): Promise<string> {
    if (this.#hashed < this.#bytes) {
      await using file = await open(this.path)
      const buffer = Buffer.allocUnsafe(PIECE)
      while (this.#hashed < this.#bytes) {
        signal.throwIfAborted()
        const most = Math.min(PIECE, this.#bytes - this.#hashed)
        const { bytesRead } = await file.read(buffer, 0, most, this.#hashed)
        if (bytesRead === 0) throw new Error('what had arrived became shorter')
        this.#hash.update(buffer.subarray(0, bytesRead))
        this.#hashed += bytesRead
        tell(this.#hashed)
      }
    }
    return this.#hash.copy().digest('hex')
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  /** Away with what had arrived. */
  async reset(): Promise<void> {
    await this.close()
    await rm(this.path, { force: true })
    await rm(`${this.path}.json`, { force: true })
    this.#bytes = 0
    this.#about = UNKNOWN
    this.#hash = createHash('sha256')
    this.#hashed = 0
  }

  /** Gives it its name once its bytes are on the disk. */
  async finish(to: string): Promise<void> {
    await this.close()
    await synced(this.path)
    await rename(this.path, to)
    await rm(`${this.path}.json`, { force: true })
  }
}

function readAbout(text: string): About {
  try {
    return About.parse(JSON.parse(text))
  } catch {
    return UNKNOWN
  }
}

async function synced(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}
