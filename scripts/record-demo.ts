/** Records the answer that the page plays to those who have no model yet: the true server, a scripted model, the log as it was written. */
import { writeFileSync } from 'node:fs'
import { connectTo } from '../src/client/client.ts'
import type { Entry } from '../src/wire/event.ts'
import { START } from '../src/wire/id.ts'
import { scratch, startProcess } from '../test/process.ts'
import { startUpstream } from '../test/e2e/upstream.ts'
import { SKY } from './scenes.ts'

const home = scratch()
const upstream = await startUpstream(() => SKY.reply, 'demonstration')
const server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url })
try {
  const client = connectTo(server.url)
  // What is learnt when the server starts is no part of the answer.
  await client.call('route', { body: { text: SKY.question } })
  const { id } = await client.call('sessionsCreate', { body: {} })
  const { run } = await client.call('messagesSubmit', { params: { session: id }, body: { text: SKY.question } })
  const entries: Entry[] = []
  for await (const batch of client.follow(run.id, START, AbortSignal.timeout(120_000))) entries.push(...batch)
  const { route } = entries.flatMap(({ event }) => (event.type === 'run.start' ? [event] : []))[0]!
  // The recording is of no session of anybody's.
  const text = JSON.stringify({ question: SKY.question, run: run.id, entries })
  writeFileSync(new URL('../src/web/demo/recording.json', import.meta.url), text)
  console.log(`${entries.length} events, ${entries.at(-1)?.t} ms, ${text.length} bytes, ${route.title}`)
} finally {
  await server.kill('SIGTERM')
  await upstream.close()
  home.remove()
}
