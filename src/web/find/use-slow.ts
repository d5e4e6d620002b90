import { useEffect, useState } from 'react'

/** What takes no longer than this needs no words. */
const NOTICED_MS = 300

/** Whether something has been going on for longer than one would notice. */
export function useSlow(on: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!on) return
    const timer = setTimeout(() => setSlow(true), NOTICED_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [on])
  return slow
}
