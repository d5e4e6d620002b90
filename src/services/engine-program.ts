import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onPath } from './on-path.ts'

export type Program = 'auto' | 'own' | 'llama-server'
type Asked = {
  program?: Program | undefined
  gpu?: 'auto' | 'off' | undefined
  gpuLayers?: 'auto' | 'off' | number | undefined
}

const BINDINGS = join(import.meta.dirname, '../../node_modules/@node-llama-cpp')

/**
 * Whose engine is to be started: PKN's own, or the llama-server at the path that is returned. By itself it takes a llama-server only where
 * that one has a GPU which PKN's own can't use. Null if llama-server is asked for and not there.
 */
export async function findProgram({ program = 'auto', gpu, gpuLayers }: Asked): Promise<string | null> {
  if (program === 'own') return 'own'
  const llama = onPath('llama-server')
  if (program === 'llama-server') return llama
  if (llama === null || gpu === 'off' || gpuLayers === 'off' || ownUsesGpu()) return 'own'
  return (await hasGpu(llama)) ? llama : 'own'
}

/** A fresh install has the bindings for the processor alone; the others are packages without their programs. */
function ownUsesGpu(): boolean {
  if (process.platform === 'darwin' && process.arch === 'arm64') return true
  const here = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const there = existsSync(BINDINGS) ? readdirSync(BINDINGS) : []
  return there.some((name) => name.startsWith(`${here}-`) && existsSync(join(BINDINGS, name, 'bins')))
}

/** Remembered, since the answer costs a process and changes with the machine only. */
const asked = new Map<string, Promise<boolean>>()

function hasGpu(llama: string): Promise<boolean> {
  const known = asked.get(llama) ?? askForGpu(llama)
  asked.set(llama, known)
  return known
}

/** It lists `  CUDA0: NVIDIA … (24110 MiB, 23900 MiB free)`; libraries for the processor are listed too, without memory. */
const askForGpu = (llama: string): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { timeout: 5000, encoding: 'utf8' } as const
    execFile(llama, ['--list-devices'], options, (_, stdout, stderr) =>
      resolve(/^\s+\S+: .*\([1-9]\d* MiB/m.test(`${stdout}\n${stderr}`)),
    )
  })
