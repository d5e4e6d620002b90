/** Rings in this window and in the others of this browser. It carries no truth: who hears it reads again. */
export type Bell = { ring: () => void; on: (call: () => void) => () => void }

export function bell(name: string): Bell {
  const windows = new BroadcastChannel(name)
  const calls = new Set<() => void>()
  const tell = () => {
    for (const call of calls) call()
  }
  windows.addEventListener('message', tell)
  return {
    ring: () => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches this origin only
      windows.postMessage(null)
      tell()
    },
    on: (call) => {
      calls.add(call)
      return () => calls.delete(call)
    },
  }
}
