import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLocal } from './local.ts'

const HERE = [
  'http://127.0.0.1:8000/v1',
  'http://127.9.9.9',
  'http://localhost:1234',
  'http://[::1]:8000',
  'http://[::ffff:127.0.0.1]/',
  'http://0.0.0.0:11434',
  'http://192.168.1.20:8000/v1',
  'http://10.1.2.3',
  'http://172.31.0.1',
  'http://[fd00::1]',
  'http://[fe80::1]',
  'http://100.101.102.103',
  'http://ollama:11434',
  'http://gpu.lan',
  'http://mac.local.',
  'http://box.home.arpa',
  'http://2130706433/',
]
const AWAY = [
  'https://api.openai.com/v1',
  'http://8.8.8.8',
  'http://172.32.0.1',
  'http://11.0.0.1',
  'http://[2001:db8::1]',
  'http://[::ffff:8.8.8.8]',
  'https://localhost.example.com',
  'https://10.0.0.1.nip.io',
  'https://127.0.0.1@example.com/',
]
for (const url of HERE) test(`${url} stays in the house`, () => assert.equal(isLocal(url), true))
for (const url of AWAY) test(`${url} is public`, () => assert.equal(isLocal(url), false))
