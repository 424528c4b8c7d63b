// Serves console/dist as the binary does: the same CSP, every unknown path is the console, /api goes to the server.
import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../dist', import.meta.url))

export const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Listens on a free port of this machine, or on the one that is given, until `close()`. */
export async function serve(api, port = 0) {
  const { hostname, port: apiPort } = new URL(api)
  const server = createServer(async (asked, answer) => {
    const path = new URL(asked.url, 'http://localhost').pathname
    if (path.startsWith('/api')) {
      const on = request(
        { hostname, port: apiPort, path: asked.url, method: asked.method, headers: asked.headers },
        (it) => {
          answer.writeHead(it.statusCode, it.headers)
          it.pipe(answer)
        },
      )
      on.on('error', () => answer.writeHead(502).end())
      answer.on('close', () => on.destroy())
      asked.pipe(on)
      return
    }
    // What is no file is a page: `/compliance/cis-aws-5.0` has a dot in it, and is none.
    let name = normalize(path).replace(/^(\.\.[/\\])+/, '')
    let body = await readFile(join(dist, name)).catch(() => undefined)
    if (body === undefined && !path.startsWith('/assets/')) {
      name = 'index.html'
      body = await readFile(join(dist, name)).catch(() => undefined)
    }
    if (body === undefined) {
      answer.writeHead(404).end()
      return
    }
    answer
      .writeHead(200, {
        'content-type': types[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': csp,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      .end(body)
  })
  await new Promise((done) => server.listen(port, '127.0.0.1', done))
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
