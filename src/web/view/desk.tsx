import './desk.css'
import { AsksDialog } from '../acts/asks-dialog.tsx'
import { BringDialog } from '../bring/bring-dialog.tsx'
import { FolderDialog } from '../bring/folder-dialog.tsx'
import { Choose } from '../compare/choose.tsx'
import { DocumentDialog } from '../mind/document-dialog.tsx'
import type { Desk as What } from '../live/desk.ts'

/** What lies over the page. The focus goes back to where it was when it is closed. */
export function Desk({ desk, close }: { desk: What; close: () => void }) {
  switch (desk.open) {
    case 'compare':
      return <Choose asked={desk} close={close} />
    case 'bring':
      return <BringDialog files={desk.files} close={close} />
    case 'folder':
      return <FolderDialog name={desk.name} close={close} />
    case 'document':
      return <DocumentDialog passage={desk.passage} close={close} />
    case 'asks':
      return <AsksDialog close={close} />
  }
}
