import type { AgentName } from '../../wire/id.ts'
import { goTo } from '../live/address.ts'
import type { App } from '../live/app.ts'
import { readDraft, writeDraft } from '../live/drafts.ts'

/** A new chat in which this agent answers; what was being written there stays, above the message. */
export function askAgent({ talk }: App, agent: AgentName, text = ''): void {
  const draft = readDraft(null)
  if (text !== '' && !draft.includes(text)) writeDraft(null, draft === '' ? text : `${draft}\n${text}`)
  goTo(null)
  talk.wish.set({ ...talk.wish.get(), agent })
}
