import { z } from 'zod'
import { partsOf } from '../model-folder.ts'
import { ask, textOf, whyOf } from './download-ask.ts'
import type { RemoteFile } from './pull-files.ts'
import { fileNameOf } from './source.ts'

export type Hub = { url: string; token: string | undefined }
export type HubFile = { path: string; size: number; sha256: string | undefined }
type Listed = { ok: true; files: HubFile[] } | { ok: false; why: string }

const Tree = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number(),
    lfs: z.object({ oid: z.string(), size: z.number() }).optional(),
  }),
)

/** A thousand files take a few hundred kilobytes. */
const LARGEST = 8_000_000
const base = (hub: Hub) => hub.url.replace(/\/+$/, '')
const fileUrl = (hub: Hub, repo: string, path: string) =>
  `${base(hub)}/${repo}/resolve/main/${path.split('/').map(encodeURIComponent).join('/')}`

/** The model files of a repository. */
export async function listRepo(hub: Hub, repo: string, signal: AbortSignal): Promise<Listed> {
  try {
    const { response } = await ask({
      url: `${base(hub)}/api/models/${repo}/tree/main?recursive=true&limit=1000`,
      token: hub.token,
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    })
    if (!response.ok) {
      await response.body?.cancel()
      const hint = response.status === 401 ? ', which also is said of what does not exist' : ''
      return { ok: false, why: `${new URL(hub.url).host} answered ${response.status}${hint}` }
    }
    const files = Tree.parse(JSON.parse(await textOf(response, LARGEST)))
    return {
      ok: true,
      files: files
        .filter(({ type, path }) => type === 'file' && /\.gguf$/i.test(path))
        .map(({ path, size, lfs }) => ({ path, size: lfs?.size ?? size, sha256: shaOf(lfs?.oid) })),
    }
  } catch (cause) {
    return { ok: false, why: whyOf(cause) }
  }
}

const shaOf = (oid: string | undefined) => (oid !== undefined && /^[0-9a-f]{64}$/.test(oid) ? oid : undefined)

/** Good answers for little memory first; what is larger than that gains little. */
const SENSIBLE = [
  'Q4_K_M',
  'Q4_K_L',
  'UD-Q4_K_XL',
  'MXFP4',
  'Q5_K_M',
  'Q4_K_S',
  'Q4_1',
  'Q4_0',
  'IQ4_NL',
  'IQ4_XS',
  'Q5_K_S',
  'Q6_K',
  'Q8_0',
  'Q3_K_M',
  'Q3_K_L',
  'BF16',
  'F16',
]

/** The file to take of a repository: of the quantisation named, or of one that most people would take. Eyes of a model and later parts are none. */
export function chooseFile(files: readonly HubFile[], quantisation: string | null): HubFile | null {
  const models = files.filter(({ path }) => {
    const name = path.split('/').at(-1) ?? ''
    return !/^mmproj|imatrix/i.test(name) && partsOf(name)[0] === name
  })
  const wanted = quantisation === null ? SENSIBLE : [quantisation]
  for (const name of wanted) {
    const exact = new RegExp(`(?:^|[-_./])${name.replaceAll('.', '\\.')}(?:[-./]|$)`, 'i')
    const fit = models.filter(({ path }) => exact.test(path.replace(/\.gguf$/i, '')))
    // The plain one before one with more in its name (UD-Q4_K_M), and the top of the repository before its folders.
    const [best] = fit.toSorted((a, b) => a.path.length - b.path.length || a.path.localeCompare(b.path))
    if (best !== undefined) return best
  }
  return quantisation === null ? (models[0] ?? null) : null
}

/** A file, with all the others that belong to it, and what the hub says of them where it was asked. */
export function filesOf(hub: Hub, repo: string, path: string, listed: readonly HubFile[]): RemoteFile[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return partsOf(path.slice(folder.length)).map((name) => {
    const about = listed.find((file) => file.path === folder + name)
    return {
      url: fileUrl(hub, repo, folder + name),
      name: fileNameOf(name) ?? 'model.gguf',
      size: about?.size,
      sha256: about?.sha256,
    }
  })
}
