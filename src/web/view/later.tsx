import { lazy, Suspense, type ComponentProps, type ReactNode } from 'react'
import { Guard } from './guard.tsx'

const importModels = () => import('../shelf/models-view.tsx')
const importFirst = () => import('../shelf/first-model.tsx')
const importTrace = () => import('../trace/panel.tsx')
const importEditor = () => import('./message-editor.tsx')
const LazyEditor = lazy(async () => ({ default: (await importEditor()).MessageEditor }))
const LazyKeys = lazy(async () => ({ default: (await import('./keys-dialog.tsx')).KeysDialog }))
const LazyTool = lazy(async () => ({ default: (await import('./tool-card.tsx')).ToolCard }))
const LazyUndo = lazy(async () => ({ default: (await import('./undo-toast.tsx')).UndoToast }))
const importOther = () => import('./ask-other.tsx')
const LazyOther = lazy(async () => ({ default: (await importOther()).AskOther }))
const LazyModels = lazy(async () => ({ default: (await importModels()).ModelsView }))
const LazyFirst = lazy(async () => ({ default: (await importFirst()).FirstModel }))

const LazyTrace = lazy(async () => ({ default: (await importTrace()).TracePanel }))

/** Parts of the page that a first visit does without. */
export const ModelsLater = () => (
  <Later height="flex-1">
    <LazyModels />
  </Later>
)
export const FirstModelLater = () => (
  <Later height="min-h-60">
    <LazyFirst />
  </Later>
)

export const TraceLater = () => (
  <Later height="h-full w-[27rem] border-l border-line phone:w-[100vw]">
    <LazyTrace />
  </Later>
)

export const AskOtherLater = (props: ComponentProps<typeof LazyOther>) => (
  <Later height="hidden">
    <LazyOther {...props} />
  </Later>
)

export const KeysLater = () => (
  <Later height="hidden">
    <LazyKeys />
  </Later>
)

export const ToolLater = (props: ComponentProps<typeof LazyTool>) => (
  <Later height="min-h-10">
    <LazyTool {...props} />
  </Later>
)

export const UndoLater = (props: ComponentProps<typeof LazyUndo>) => (
  <Later height="min-h-14">
    <LazyUndo {...props} />
  </Later>
)

export const EditorLater = (props: ComponentProps<typeof LazyEditor>) => (
  <Later height="min-h-30">
    <LazyEditor {...props} />
  </Later>
)

function Later({ height, children }: { height: string; children: ReactNode }) {
  return (
    <Guard instead={<Missing height={height} />}>
      <Suspense fallback={<div className={height} aria-busy="true" />}>{children}</Suspense>
    </Guard>
  )
}

const Missing = ({ height }: { height: string }) => (
  <div className={`${height} p-6 text-[14px] text-soft`} role="alert">
    This part of the page could not be loaded.{' '}
    <button type="button" className="quiet border border-rule text-ink" onClick={() => location.reload()}>
      Load the page again
    </button>
  </div>
)
