import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { loadConfig } from '../config.ts'
import { startServer, type Server } from '../server.ts'

const home = mkdtempSync(join(tmpdir(), 'pkn-mcp-'))
const quiet = { PKN_ENGINE: 'off', LLAMA_BASE_URL: 'http://127.0.0.1:9/v1', OLLAMA_BASE_URL: 'http://127.0.0.1:9' }
let server: Server
before(async () => {
  server = await startServer(loadConfig({ ...quiet, PKN_HOME: home, PKN_PORT: '0', HOME: home }), () => {})
})
after(async () => {
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

async function open(port: number) {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(import.meta.dirname, 'pkn.mjs'), 'mcp'],
      env: { ...quiet, PKN_HOME: home, PKN_PORT: String(port), HOME: home },
    }),
  )
  const call = async (name: string, input: { [key: string]: unknown }, onprogress?: () => void) => {
    const { content, isError } = await client.callTool(
      { name, arguments: input },
      onprogress === undefined ? {} : { onprogress },
    )
    const [part] = content
    assert.ok(part?.type === 'text')
    return { text: part.text, failed: isError === true }
  }
  return { client, call }
}

test('another program asks an agent, finds the session, and reads the run', async () => {
  const { client, call } = await open(server.port)
  try {
    assert.deepEqual(
      (await client.listTools()).tools.map(({ name }) => name),
      ['ask_agent', 'list_sessions', 'read_run'],
    )
    let progress = 0
    const asked = await call('ask_agent', { message: 'Say hello', agent: 'general' }, () => (progress += 1))
    const [, session, run] = /\[PKN\] session (\S+), run (\S+)$/.exec(asked.text) ?? []
    assert.ok(session !== undefined && run !== undefined, asked.text)
    assert.ok(progress > 0, 'it is not silent while the run goes on')
    assert.match((await call('list_sessions', {})).text, new RegExp(session))
    assert.match((await call('read_run', { run })).text, /## Question\n\n> Say hello/)
    assert.match((await call('ask_agent', { message: 'x', session: 'nonsense' })).text, /no such session/)
    assert.ok((await call('ask_agent', { message: 'x', agent: 'nobody' })).failed)
  } finally {
    await client.close()
  }
})

test('where the server does not run, each call says how to start it', async () => {
  const { client, call } = await open(9)
  try {
    const { text, failed } = await call('list_sessions', {})
    assert.ok(failed)
    assert.match(text, /pkn start/)
  } finally {
    await client.close()
  }
})
