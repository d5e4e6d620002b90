import type { InstalledModel } from '../../wire/shelf.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { bytes } from '../state/wording.ts'
import { faultText, fixText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { GetField } from './get-field.tsx'
import { LookAgain } from './look-again.tsx'
import { ServerRow } from './server-row.tsx'
import { useAsking } from './use-shelf.ts'

/** For who has models already: what was found on the usual ports and in the usual folder, and how to bring in what was not. */
export function ConnectOwn({ installed }: { installed: readonly InstalledModel[] }) {
  const { machine } = useApp()
  const { endpoints } = useCell(machine)
  const servers = endpoints.filter(({ kind }) => kind !== 'engine' && kind !== 'cloud')
  const files = installed.filter(({ practice }) => !practice)
  return (
    <details className="group mt-3 rounded-2xl border border-line bg-raise" data-testid="connect">
      <summary className="flex min-h-12 items-center gap-2 rounded-2xl px-4 py-2 text-[14.5px] font-[540]">
        <Icon name="chevron" className="size-4 text-faint transition-transform group-open:rotate-90" />
        {say('Already have Ollama, llama.cpp or a GGUF file? Connect it')}
      </summary>
      <div className="px-4 pb-4 text-[14px] text-soft">
        <ul className="space-y-2.5">
          {servers.map((endpoint) => (
            <ServerRow key={endpoint.name} endpoint={endpoint} />
          ))}
        </ul>
        <LookAgain />
        {files.length > 0 && (
          <ul className="mt-4 space-y-2 border-t border-line pt-4">
            {files.map((file) => (
              <OwnFile key={file.name} file={file} />
            ))}
          </ul>
        )}
        <GetField label={say('A file of your own, or any other model')} placeholder="/home/me/models/model.gguf" />
      </div>
    </details>
  )
}

function OwnFile({ file }: { file: InstalledModel }) {
  const { shelf } = useApp()
  const { asking, refused, ask } = useAsking()
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <Icon name="check" className="size-4 text-good" />
      <p className="min-w-0 flex-1 basis-52 break-words">
        <span className="font-[540] text-ink">{file.name}</span> <span className="figures">{bytes(file.bytes)}</span>
        <span className="block text-[13px] break-all text-faint">{file.path}</span>
      </p>
      {!file.chosen && (
        <button type="button" className="button" disabled={asking} onClick={() => ask(() => shelf.use(file.name))}>
          {asking ? say('Choosing…') : say('Use this one')}
        </button>
      )}
      {refused !== null && (
        <p role="alert" className="w-full text-[13px] text-bad">
          {faultText(refused)} {fixText(refused)}
        </p>
      )}
    </li>
  )
}
