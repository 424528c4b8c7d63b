// A server of our own for the tests: a fresh demonstration in a temporary directory, users, the console before it.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from './serve.mjs'

const binary = process.env.YAGURA ?? fileURLToPath(new URL('../../target/debug/yagura', import.meta.url))
export const recorded = fileURLToPath(new URL('../../demo/organization', import.meta.url))
export const password = 'correct-horse-battery'

async function freePort() {
  const probe = createServer()
  await new Promise((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}

/**
 * Starts everything; `close()` ends everything that it started. What `prepare` runs before that finds its store;
 * `configure` gives the server's configuration, knowing where it will be reached; `now` stops its clock.
 */
export async function begin({ prepare, configure, now } = {}) {
  const place = mkdtempSync(join(tmpdir(), 'yagura-console-'))
  const store = join(place, 'yagura.db')
  const demo = spawnSync(binary, ['demo', '--store', store, '--fresh', '--output', 'table'], { cwd: place })
  if (demo.status === null || demo.error) throw new Error(`${binary} demo did not run: ${demo.error}`)
  // A second scan a week later, so that there is a trend.
  const again = ['scan', '--snapshot', recorded, '--store', store, '--now', '2026-02-08T00:00:00Z', '--output', 'table']
  if (spawnSync(binary, again, { cwd: place }).error) throw new Error(`${binary} scan did not run`)
  prepare?.((...how) => {
    const done = spawnSync(binary, [...how, '--store', store], { cwd: place, encoding: 'utf8' })
    if (done.status === null || done.error) throw new Error(`${binary} ${how[0]} did not run: ${done.error}`)
    return done
  }, place)
  const port = await freePort()
  const api = `http://127.0.0.1:${port}`
  if (configure) writeFileSync(join(place, 'yagura.toml'), configure(api))
  const serving = ['serve', '--store', store, '--listen', `127.0.0.1:${port}`, ...(now ? ['--now', now] : [])]
  const server = spawn(binary, serving, { cwd: place })
  const secret = await new Promise((found, failed) => {
    let told = ''
    const hear = (chunk) => {
      told += chunk
      const secret = /(?:"Secret":"|#secret=)([A-Za-z0-9_-]+)/.exec(told)?.[1]
      if (secret) found(secret)
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
    server.on('exit', () => failed(new Error(`yagura serve ended: ${told}`)))
  })
  // The binary itself, where it has the console in it; else the same files and the same policy.
  const home = await fetch(api, { headers: { accept: 'text/html' } })
  const isInside = (home.headers.get('content-type') ?? '').startsWith('text/html') && home.ok
  const front = isInside ? { address: api, close: () => undefined } : await serve(api)
  return {
    address: front.address,
    secret,
    /** Whether the binary shows the console itself. */
    isInside,
    close: () => {
      front.close()
      server.removeAllListeners('exit')
      server.kill()
      rmSync(place, { recursive: true, force: true })
    },
  }
}
