import { createRoot } from 'react-dom/client'
import './app.css'
import { AppContext, openApp } from './live/app.ts'
import { fetchSoon } from './live/fetch-soon.ts'
import { fetchWords, SOON } from './view/later.tsx'
import { Page } from './view/page.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
// What can't be had stands there as plain text.
const drawable = fetchWords().then(
  () => {},
  () => {},
)
createRoot(root).render(
  <AppContext value={openApp(drawable)}>
    <Page />
  </AppContext>,
)
fetchSoon(SOON)
