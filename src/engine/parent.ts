/** Calls when the process that started this one is gone: at once where it holds an IPC channel, else within a second by its number. */
export function whenParentLeaves(pid: number | undefined, call: () => void): void {
  if (process.connected) process.once('disconnect', call)
  if (pid === undefined) return
  // There is no event for the end of a process that isn't our child.
  setInterval(() => {
    if (!lives(pid)) call()
  }, 1000).unref()
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}
