import type { InstalledModel } from '../../wire/shelf.ts'
import { bytes } from '../state/wording.ts'
import { FileActions } from './file-actions.tsx'
import { Tag } from './model-row.tsx'
import { say } from '../words/say.ts'

/** A model file that no server lists at the moment. */
export function FileRow({ file }: { file: InstalledModel }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-2.5 phone:px-4" data-testid="file">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="text-[14.5px] font-[540] break-all">{file.name}</span>
          {file.chosen && <Tag>{say('the engine would use it')}</Tag>}
        </p>
        <p className="mt-0.5 text-[13px] break-all text-soft">
          {file.practice ? say('Only shows how PKN works, and knows nothing.') : bytes(file.bytes)}
        </p>
      </div>
      <FileActions file={file} />
    </li>
  )
}
