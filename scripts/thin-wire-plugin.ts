import { sep } from 'node:path'
import type { Plugin } from 'vite'
import { API, type Route } from '../src/wire/api.ts'

/**
 * What the page carries of the contract: of a route how it is called, and of a schema nothing. The page is served by the server that it
 * talks to, in the same version, and that server parses everything at its door; with zod and all the schemas the page would be a quarter
 * larger. Works together with `src/web/zod-stand-in.ts`.
 */
export function thinWire(): Plugin {
  const inWire = (id: string) => id.split(sep).join('/').includes('/src/wire/')
  return {
    name: 'pkn:thin-wire',
    apply: 'build',
    enforce: 'post',
    load: (id) => (inWire(id) && id.endsWith('api.ts') ? table(API) : null),
    transform(code, id) {
      if (!inWire(id) || id.endsWith('api.ts')) return null
      const cuts: [number, number][] = []
      schemas(this.parse(code), cuts)
      let thin = code
      for (const [start, end] of cuts.toReversed()) thin = `${thin.slice(0, start)}z${thin.slice(end)}`
      return { code: thin, map: null }
    },
  }
}

function table(api: Record<string, Route>): string {
  const rows = Object.entries(api).map(([name, { method, path, body, reply }]) => {
    const parts = [`method:'${method}'`, `path:'${path}'`, `reply:${reply === null ? 'null' : 'z'}`]
    if (body !== undefined) parts.push('body:z')
    return `${name}:{${parts.join()}}`
  })
  return `import { z } from 'zod'\nexport const Problem = z\nexport const API = {${rows.join()}}`
}

/** The places of all calls that begin with `z`, in order: `z.object({ … }).partial()` is one. */
function schemas(node: unknown, cuts: [number, number][]): void {
  if (Array.isArray(node)) for (const one of node) schemas(one, cuts)
  else if (isNode(node)) {
    if (node.type === 'CallExpression' && rootOf(node) === 'z') cuts.push([node.start, node.end])
    else for (const part of Object.values(node)) schemas(part, cuts)
  }
}

type Node = { type: string; start: number; end: number; [part: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

function rootOf(node: Node): unknown {
  let at: unknown = node
  while (isNode(at) && at.type !== 'Identifier') at = at.type === 'CallExpression' ? at['callee'] : at['object']
  return isNode(at) ? at['name'] : null
}
