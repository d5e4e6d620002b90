import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { framePolicy } from './frame-policy.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}
const PAGE_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export type Asset = {
  type: string
  etag: string
  immutable: boolean
  policy: string
  plain: Buffer
  packed: () => Promise<{ gzip: Buffer; br: Buffer } | null>
}

export type Assets = ReadonlyMap<string, () => Promise<Asset>>

/** Larger ones are read when they are first asked for: what draws diagrams is two thirds of all. */
const LARGE = 512 * 1024

/** The files of the built page, by their path on the server. Only what was there when this was called can ever be asked for: no path leaves it. */
export async function readAssets(folder: string): Promise<Assets> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return []
      throw cause
    },
  )
  const assets = new Map<string, () => Promise<Asset>>()
  for (const file of files) {
    const type = TYPES[extname(file.name)]
    if (!file.isFile() || !type) continue
    const full = join(file.parentPath, file.name)
    const path = `/${full
      .slice(folder.length + 1)
      .split(sep)
      .join('/')}`
    const made = once(() => read(full, path, type))
    assets.set(path, made)
    if ((await stat(full)).size <= LARGE) await made()
  }
  const page = assets.get('/index.html')
  if (page) for (const path of ['/', '/pkn.html']) assets.set(path, page)
  return assets
}

async function read(file: string, path: string, type: string): Promise<Asset> {
  const plain = await readFile(file)
  return {
    type,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    immutable: path.startsWith('/assets/'),
    policy: framePolicy(path, plain) ?? PAGE_POLICY,
    plain,
    packed: once(() => pack(type, plain)),
  }
}

export const pageHeaders = (asset: Asset): Record<string, string> => ({
  'content-type': asset.type,
  etag: asset.etag,
  'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  'content-security-policy': asset.policy,
  vary: 'accept-encoding',
})

async function pack(type: string, plain: Buffer) {
  if (plain.length < 1024 || !/text|json|svg/.test(type)) return null
  const [zipped, br] = await Promise.all([
    promisify(gzip)(plain, { level: 9 }),
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ])
  return { gzip: zipped, br }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}
