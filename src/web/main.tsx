import { createRoot } from 'react-dom/client'
import './app.css'
import { AppContext, openApp } from './live/app.ts'
import { Page } from './view/page.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <AppContext value={openApp()}>
    <Page />
  </AppContext>,
)
