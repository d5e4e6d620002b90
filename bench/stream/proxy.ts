/** The yardstick: a plain Node proxy that parses each event of the model's stream and forwards it as `event: chunk`. Prints its port. */
import { createServer, request as ask } from 'node:http'
import { encodeFrame, frameReader } from '../../src/wire/frame.ts'

const [port, model] = [process.argv[2], process.argv[3]]
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
  request.on('end', () => {
    const { message } = JSON.parse(body) as { message: string }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const upstream = ask(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'content-type': 'application/json' },
      },
      (answer) => {
        const read = frameReader()
        answer.setEncoding('utf8')
        answer.on('data', (piece: string) => {
          for (const { data } of read(piece)) {
            if (data === '[DONE]') continue
            const content = (JSON.parse(data) as { choices: { delta?: { content?: string | null } }[] }).choices[0]
              ?.delta?.content
            if (content)
              response.write(encodeFrame({ event: 'chunk', data: JSON.stringify({ type: 'chunk', content }) }))
          }
        })
        answer.on('end', () => response.end(encodeFrame({ event: 'done', data: '{"type":"done"}' })))
      },
    )
    upstream.end(JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: message }] }))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' && address ? address.port : 0)
})
