import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../clock.ts'
import type { LogLine } from '../../core/ports.ts'
import { LOCAL } from '../../wire/id.ts'
import type { Source } from '../../wire/mind.ts'
import { openDocuments, type DocumentsOptions } from '../open-documents.ts'

export type Kit = Awaited<ReturnType<typeof openKit>>

/** True documents over true files in a folder that is gone with the test. */
export async function openKit(over: Partial<DocumentsOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'pkn-documents-'))
  const lines: LogLine[] = []
  const home = join(folder, 'home')
  const open = (more: Partial<DocumentsOptions> = {}) =>
    openDocuments({
      home,
      clock: systemClock,
      say: (line) => lines.push(line),
      embedder: null,
      hasProject: async () => true,
      busy: async () => false,
      rest: { least: 50, calm: 20 },
      ...over,
      ...more,
    })
  let documents = open()
  const kit = {
    folder,
    home,
    lines,
    root: join(folder, 'documents'),
    get documents() {
      return documents
    },
    write: async (path: string, content: string | Uint8Array) => {
      const place = join(folder, 'documents', path)
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, content)
    },
    /** The one source, once it is as wanted. There is no event for it: who asks, asks again. */
    until: async (isSo: (source: Source) => boolean): Promise<Source> => {
      const end = performance.now() + 60_000
      for (;;) {
        const [source] = await documents.sources(LOCAL, 'all')
        if (source && isSo(source)) return source
        if (performance.now() > end) throw new Error(`it never was so: ${JSON.stringify(source)}`)
        await pause(20)
      }
    },
    indexed: async (path = ''): Promise<Source> => {
      await documents.add(LOCAL, join(folder, 'documents', path), null)
      return kit.until(({ state }) => state !== 'indexing')
    },
    find: (text: string, most = 8) => documents.find(LOCAL, null, text, most, new AbortController().signal),
    restart: async (more: Partial<DocumentsOptions> = {}) => {
      await documents.close()
      documents = open(more)
    },
    close: async () => {
      await documents.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return kit
}

/** A PDF of one font and a page for each text, each line of it set on its own. */
export function pdfOf(pages: readonly string[]): Buffer {
  const objects: string[] = []
  const kids = pages.map((_, i) => `${4 + i * 2} 0 R`).join(' ')
  objects.push('<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`)
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')
  for (const [i, text] of pages.entries()) {
    const shown = text
      .split('\n')
      .map((line) => `(${line.replaceAll(/[()\\]/g, '\\$&')}) Tj T*`)
      .join('\n')
    const stream = `BT /F1 12 Tf 14 TL 72 720 Td\n${shown}\nET`
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + i * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    )
  }
  let file = '%PDF-1.4\n'
  const places = objects.map((object, i) => {
    const at = file.length
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}
