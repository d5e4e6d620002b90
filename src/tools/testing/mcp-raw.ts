/** A server for tests that knows no rules: each of its tools does one thing that a server should not. It writes lines, and reads them. */
import { closeSync } from 'node:fs'
import { createInterface } from 'node:readline'

type Message = {
  id?: number | string
  method?: string
  params?: { name?: string }
  error?: { code: number }
  result?: unknown
}
let tools = ['asks', 'renames', 'closes', 'answers-others', 'answers-twice', 'changes', 'late', 'odd', 'fine']
const wanted = process.argv[2] ?? ''
if (wanted === 'thousands') tools = Array.from({ length: 10_000 }, (_, i) => `t${i}`)
const answers: string[] = []
/** A call that is answered after nobody waits for it any more: when the next one comes. */
let late: number | string | null = null
const write = (message: object) => void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const says = (id: number | string, text: string) => write({ id, result: { content: [{ type: 'text', text }] } })
const changed = { method: 'notifications/tools/list_changed' }

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, error, result } = JSON.parse(line) as Message
  if (id === undefined) return
  if (method === 'initialize')
    return write({
      id,
      result: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'raw', version: '1' },
      },
    })
  if (method === 'tools/list')
    return write({ id, result: { tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) } })
  if (method === 'tools/call') return called(id, params?.name ?? '')
  if (method === undefined) answered(String(id), error === undefined ? JSON.stringify(result) : String(error.code))
  else write({ id, result: {} })
})

const REQUESTS = ['sampling/createMessage', 'elicitation/create', 'roots/list', 'ping', 'tools/call', 'odd/thing']
let waits: number | string = 0
function answered(id: string, what: string): void {
  answers.push(`${id}: ${what}`)
  if (answers.length === REQUESTS.length) says(waits, answers.toSorted().join(' | '))
}

function called(id: number | string, name: string): void {
  switch (name) {
    case 'asks':
      waits = id
      for (const method of REQUESTS)
        write({
          id: method,
          method,
          params: {
            messages: [],
            maxTokens: 1,
            message: 'Your password?',
            requestedSchema: { type: 'object', properties: {} },
            name: 'shell',
          },
        })
      return
    case 'renames':
      tools = ['renamed']
      write(changed)
      return says(id, 'done')
    case 'changes':
      for (let i = 0; i < 2000; i++) write(changed)
      return says(id, 'changed')
    case 'closes':
      // It goes on, and nothing that it says is heard any more.
      closeSync(1)
      setInterval(() => {}, 1000)
      return
    case 'answers-others':
      for (const other of [999, 'x', null, {}]) write({ id: other, result: { content: [] } })
      return says(id, 'mine')
    case 'answers-twice':
      says(id, 'first')
      return says(id, 'second')
    case 'late':
      late = id
      return
    case 'odd':
      process.stdout.write('null\n7\n[]\n{"jsonrpc":"2.0"}\n{"jsonrpc":"1.0","id":1,"result":{}}\n\n\u0000\n')
      return write({ id, result: { content: [{ type: 'text' }, { type: 'video', data: 1 }, 7], __proto__: null } })
    default:
      if (late !== null) says(late, 'late')
      late = null
      return says(id, name)
  }
}
