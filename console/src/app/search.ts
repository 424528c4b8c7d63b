// The search part of addresses: plain `?workflow=NEW&workflow=NOTIFIED`, as people and other programs write it.

export type Search = Record<string, unknown>

export function parseSearch(text: string): Search {
  const search: Record<string, string | string[]> = {}
  for (const [key, value] of new URLSearchParams(text)) {
    const before = search[key]
    search[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return search
}

export function stringifySearch(search: Search): string {
  const text = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '' && one !== false) text.append(key, String(one))
    }
  }
  const shown = text.toString()
  return shown === '' ? '' : `?${shown}`
}

// What addresses say is input like any other: these read it, and drop what means nothing.

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function texts(value: unknown): string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter((it): it is string => typeof it === 'string' && it !== '')
  return all.length > 0 ? all : undefined
}

export function oneOf<const T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((it) => it === value)
}

export function someOf<const T extends string>(value: unknown, known: readonly T[]): T[] | undefined {
  const all = texts(value)?.filter((it): it is T => known.includes(it as T))
  return all && all.length > 0 ? all : undefined
}

export function flag(value: unknown): true | undefined {
  return value === 'true' || value === true ? true : undefined
}
