import './live/storage-first.ts'
import { startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import './app.css'
import { AppContext, openApp } from './live/app.ts'
import { fetchSoon } from './live/fetch-soon.ts'
import { own } from './live/own.ts'
import { fetchWords, SOON } from './view/later.tsx'
import { Page } from './view/page.tsx'
import { learn } from './words/learn.ts'
import { localeNow } from './words/say.ts'

/** Begins once all modules are there, in a task of its own: the processor is free in between, and whoever asks for a stack here gets a short one. */
function start(): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  // What can't be had stands there as plain text.
  const drawable = () =>
    fetchWords().then(
      () => {},
      () => {},
    )
  const app = openApp(drawable)
  const page = createRoot(root)
  /** Everything is drawn anew when another language is chosen. */
  const draw = async () => {
    await learn()
    // In small pieces: a slow processor is never gone for long.
    startTransition(() => {
      page.render(
        <AppContext value={app}>
          <Page key={localeNow()} />
        </AppContext>,
      )
    })
  }
  app.settings.language.on(() => own(draw()))
  own(draw())
  fetchSoon([...SOON, async () => (await import('./live/worker.ts')).keepForOffline(app.reach)])
}
setTimeout(start)
