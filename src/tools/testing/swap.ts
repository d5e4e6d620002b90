/** Swaps a folder of the workspace for a link to a folder outside and back, as fast as it can, until its standard input ends. */
import { existsSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '', outside = ''] = process.argv.slice(2)
const [swap, aside] = [join(folder, 'swap'), join(folder, 'aside')]
let over = false
process.stdin.on('end', () => (over = true)).resume()
process.stdout.write('swapping\n')

function turn(): void {
  for (let i = 0; i < 20; i++) swapOnce()
  if (!over) setImmediate(turn)
}
function swapOnce(): void {
  try {
    renameSync(swap, aside)
    symlinkSync(outside, swap)
    unlinkSync(swap)
    // Who writes may have made a folder of that name meanwhile.
    rmSync(swap, { recursive: true, force: true })
    renameSync(aside, swap)
  } catch {
    putBack()
  }
}

/** Who writes made a folder of that name at this very moment: it goes, and the swapped one comes back. */
function putBack(): void {
  while (existsSync(aside))
    try {
      rmSync(swap, { recursive: true, force: true })
      renameSync(aside, swap)
    } catch {
      // Once more: another one was made meanwhile.
    }
}
turn()
