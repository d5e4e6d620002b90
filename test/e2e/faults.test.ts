import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { axe, findBrowser, say } from './browser.ts'
import { setStage } from './stage.ts'

const found = findBrowser()
describe('what went wrong', { skip: 'missing' in found ? found.missing : false }, () => {
  const { open } = setStage((question) => ({ text: `${question}, answered`, status: 400 }), 'qwen3-8b-q4', [
    { id: 'gemma-4-e4b' },
  ])

  it('is mended by a button that asks another model, and told in a report that holds nothing that was said', async (t) => {
    const { page, wrongs } = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] })
    await say(page, 'fail with a secret')
    const fault = page.getByTestId('fault')
    await fault.getByRole('button', { name: 'Try again' }).waitFor()
    assert.equal(await fault.getByRole('button', { name: 'Answer with qwen3-8b-q4' }).count(), 0, 'it has just failed')
    await fault.getByText('Details').click()
    await fault.getByRole('button', { name: 'Copy report' }).click()
    await fault.getByRole('button', { name: 'Copied' }).waitFor()
    const report = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(report, /^PKN \d+\.\d+\.\d+\n[^]*Fault: engine\.error[^]*Run: run_\w+[^]*"type":"run\.end"/)
    assert.doesNotMatch(report, /secret/)
    assert.deepEqual(await axe(page), [])
    await fault.getByRole('button', { name: 'Answer with gemma-4-e4b' }).click()
    await page.getByTestId('versions').getByText('2/2').waitFor()
    await fault.getByRole('button', { name: 'Answer with qwen3-8b-q4' }).waitFor()
    assert.deepEqual(wrongs, [])
  })
})
