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
      quiet: async () => undefined,
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
export const pdfOf = (pages: readonly string[]): Buffer =>
  pdfWith(
    pages.map((text) => {
      const shown = text.split('\n').map((line) => `(${line.replaceAll(/[()\\]/g, '\\$&')}) Tj T*`)
      return { filter: '', bytes: Buffer.from(`BT /F1 12 Tf 14 TL 72 720 Td\n${shown.join('\n')}\nET`, 'latin1') }
    }),
  )

/** A page for each stream of drawing. */
export function pdfWith(streams: readonly { filter: string; bytes: Uint8Array }[]): Buffer {
  const kids = streams.map((_, i) => `${4 + i * 2} 0 R`).join(' ')
  const objects: Uint8Array[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${streams.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ].map((object) => Buffer.from(object))
  for (const [i, { filter, bytes }] of streams.entries())
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + i * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${bytes.length} ${filter} >>\nstream\n`),
        bytes,
        Buffer.from('\nendstream'),
      ]),
    )
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.4\n')]
  let length = parts[0]!.length
  let table = ''
  for (const [i, object] of objects.entries()) {
    table += `${String(length).padStart(10, '0')} 00000 n \n`
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    parts.push(part)
    length += part.length
  }
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(end)])
}
