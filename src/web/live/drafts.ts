import type { SessionId } from '../../wire/id.ts'

const keyOf = (session: SessionId | null) => `pkn.draft.${session ?? 'new'}`

/** What was typed and not sent, per session. */
export function readDraft(session: SessionId | null): string {
  try {
    return localStorage.getItem(keyOf(session)) ?? ''
  } catch {
    return ''
  }
}

export function writeDraft(session: SessionId | null, text: string): void {
  try {
    if (text === '') localStorage.removeItem(keyOf(session))
    else localStorage.setItem(keyOf(session), text)
  } catch {
    // Full or forbidden: the text is still in the box.
  }
}
