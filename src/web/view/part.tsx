import { lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react'
import { Guard } from './guard.tsx'

export type Part<P> = {
  /** Drawn at once if it has come, else as soon as it has. */
  View: ComponentType<P>
  /** Resolves when it has come. Rejects if it can't be had. */
  fetch: () => Promise<unknown>
}

/** A part of the page that its first scripts do without. */
export function part<P extends object>(
  load: () => Promise<ComponentType<P>>,
  /** What stands in its place until it has come, and if it never does. */
  until: (props: P) => ReactNode,
  missing: (props: P) => ReactNode = until,
): Part<P> {
  let there: ComponentType<P> | null = null
  const fetch = async () => (there ??= await load())
  const Coming = lazy(async () => ({ default: await fetch() })) as unknown as ComponentType<P>
  const Chosen = (props: P) => {
    // What was begun with is kept: another type of component would lose its state.
    const [Type] = useState<ComponentType<P>>(() => there ?? Coming)
    return <Type {...props} />
  }
  const View = (props: P) => (
    <Guard instead={missing(props)}>
      <Suspense fallback={until(props)}>
        <Chosen {...props} />
      </Suspense>
    </Guard>
  )
  return { View, fetch }
}
