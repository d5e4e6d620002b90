import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checked, hostOf, redirected, shownAddress } from './address-checked.ts'
import { isHere, leadsTo } from './addresses.ts'

const NONE: ReadonlySet<string> = new Set()
const why = (text: string, allow: string[] = []) => {
  const may = checked(text, allow)
  return may.ok ? may.url.href : may.why
}

test('only addresses of the world are public, whatever form they hide in', () => {
  for (const address of [
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '64:ff9b::101:101',
    '::ffff:1.1.1.1',
  ].flat())
    assert.equal(leadsTo(address, NONE), 'public', address)
  for (const address of [
    ['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '::1'],
    ['fc00::1', 'fd12::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:0:7f00:1', '::7f00:1', '64:ff9b::7f00:1'],
    ['64:ff9b::c0a8:101', '0:0:0:0:0:ffff:a00:1'],
  ].flat())
    assert.equal(leadsTo(address, NONE), 'private', address)
  for (const address of [
    ['0.0.0.0', '0.1.2.3', '169.254.169.254', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.0.192', '::'],
    ['100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'ff02::1', '2002:7f00:1::'],
    ['2001:0:7f00:1::', '2001:db8::1', '64:ff9b:1::1', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '192.88.99.1'],
    ['198.18.0.1', '5f00::1', '4000::1', 'localhost', '', '1.2.3', '01.2.3.4'],
  ].flat())
    assert.equal(leadsTo(address, NONE), 'never', address)
})

test('an address of this machine is private, though the world may reach it', () => {
  assert.equal(leadsTo('1.2.3.4', new Set(['1.2.3.4'])), 'private')
  assert.equal(leadsTo('::ffff:1.2.3.4', new Set(['1.2.3.4'])), 'private')
})

test('every spelling of an inner address is refused before anybody is asked', () => {
  for (const host of [
    ['127.0.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.1', '127.0.1', '0'],
    ['127.0.0.1.', '127。0。0。1', '①②⑦.0.0.1', '%31%32%37.0.0.1', '0x7f.0x0.0x0.0x1', '127.0.0.0x1', '[::1]'],
    ['[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]', '[64:ff9b::7f00:1]'],
    ['[::ffff:a9fe:a9fe]', '169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '10.1', '192.168.1'],
    ['[fd00:ec2::254]', '[fe80::1]', '[2002:7f00:1::]', '100.64.1.1', '224.0.0.1', '255.255.255.255'],
  ].flat())
    for (const url of [`http://${host}/`, `https://${host}:8443/a`, `http://${host}:80/?q=1`])
      assert.equal(checked(url, []).ok, false, url)
})

test('what is no plain address of a page is refused, and says why', () => {
  for (const [url, told] of [
    ['ftp://example.org/', /http and https/],
    ['file:///etc/passwd', /http and https/],
    ['data:text/html,x', /http and https/],
    ['gopher://example.org', /http and https/],
    ['example.org', /is no address/],
    ['http://', /is no address/],
    ['http://999.1.1.1/', /is no address/],
    ['http://[::1%25lo]/', /is no address/],
    ['http://u:p@example.org/', /password/],
    ['http://u@example.org/', /password/],
    ['http://example.org\\@127.0.0.1/', /backslash/],
    ['http://exam\nple.org/', /control characters/],
    ['http://example.org\0.evil.org/', /control characters/],
    ['http://example.org:25/', /Port 25/],
    ['http://example.org:6379/', /Port 6379/],
    [`http://example.org/${'a'.repeat(5000)}`, /longer/],
  ] as const)
    assert.match(why(url), told, url)
})

test('one host has one spelling, which policy, person and wire are all given', () => {
  assert.equal(why('HTTP://EXAMPLE.org.:80/a/../b?x=1#part'), 'http://example.org/b?x=1')
  assert.equal(why('http://ⓔxample.org'), 'http://example.org/')
  const ip = checked('http://[2606:4700::1111]:8080/', [])
  assert.equal(ip.ok && hostOf(ip.url), '2606:4700::1111')
})

test('a private host is reached only where it was named, at the port that was named', () => {
  assert.equal(checked('http://192.168.1.5:8888/', ['192.168.1.5']).ok, true)
  assert.equal(checked('http://192.168.1.5:8888/', ['192.168.1.5:8888']).ok, true)
  assert.equal(checked('http://192.168.1.5/', ['192.168.1.5:80']).ok, true)
  assert.equal(checked('http://[::1]:8888/', ['[::1]:8888']).ok, true)
  assert.equal(checked('http://192.168.1.5:22222/', ['192.168.1.5:8888']).ok, false)
  assert.equal(checked('http://192.168.1.6:8888/', ['192.168.1.5']).ok, false)
  assert.equal(checked('http://169.254.169.254/', ['169.254.169.254']).ok, false)
  assert.match(why('http://192.168.1.5/'), /allowPrivate/)
})

test('a person is shown what is dialled, and the letters that a name imitates', () => {
  const shown = (text: string) => {
    const may = checked(text, [])
    return may.ok ? shownAddress(may.url) : may.why
  }
  assert.equal(shown('http://example.org/\u202egpj.exe'), 'http://example.org/%E2%80%AEgpj.exe')
  // The first letter is Cyrillic.
  assert.equal(shown('https://аpple.com/'), 'https://xn--pple-43d.com/\n(the host is written "аpple.com")')
})

test('a redirect goes from http to https within a host, and never back or elsewhere', () => {
  const to = (from: string, target: string) => {
    const next = redirected(new URL(from), target, [])
    return next.ok ? next.url.href : next.why
  }
  assert.equal(to('http://a.example/x', 'https://a.example/y'), 'https://a.example/y')
  assert.equal(to('https://a.example/x/', '../z#part'), 'https://a.example/z')
  assert.match(to('https://a.example/', 'http://a.example/'), /from https to http/)
  assert.match(to('https://a.example/', '//b.example/'), /another host: https:\/\/b\.example\//)
  assert.match(to('https://a.example/', 'https://a.example.b.example/'), /another host/)
  assert.match(to('https://a.example/', 'https://[::ffff:127.0.0.1]/'), /refused/)
})

test('this machine is known by its loopback and its own addresses, in whatever form', () => {
  const own: ReadonlySet<string> = new Set(['192.168.1.7', '2606:4700::1'])
  for (const address of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '192.168.1.7',
    '::ffff:c0a8:107',
    '2606:4700::1',
  ])
    assert.equal(isHere(address, own), true, address)
  for (const address of ['192.168.1.8', '10.0.0.1', '1.1.1.1', '2606:4700::2', 'fc00::1'])
    assert.equal(isHere(address, own), false, address)
})
