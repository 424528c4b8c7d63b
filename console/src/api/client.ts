// The one way to the server: typed by its own description, errors as problem documents.
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** What the server, or the way to it, had against a request. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(`${title}: ${detail}`)
    this.name = 'ProblemError'
  }
}

let csrf = ''

/** Remembers what has to go with every change. */
export function keepCsrf(value: string | null | undefined) {
  csrf = value ?? ''
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf !== '') request.headers.set('x-yagura-csrf', csrf)
    return request
  },
}

export const client = createClient<paths>({ baseUrl: '/' })
client.use(guard)

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** The answer, or an exception that pages and buttons know how to show. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    // Title and detail of this one are the console's own words: see Problem.tsx.
    throw new ProblemError(0, 'no-network', '', '')
  })
  if (response.ok) return data as T
  if (response.status === 401) window.dispatchEvent(new Event('yagura-signed-out'))
  const problem = (typeof error === 'object' && error !== null ? error : {}) as Partial<Schemas['Problem']>
  throw new ProblemError(
    response.status,
    problem.code ?? 'unknown',
    problem.title ?? response.statusText,
    problem.detail ?? '',
  )
}
