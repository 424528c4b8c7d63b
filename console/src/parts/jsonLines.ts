// A JSON value as lines of a tree, with paths as people write them: `IpPermissions[0].IpRanges`.

export type Line = {
  path: string
  key: string
  isIndex: boolean
  depth: number
  value: unknown
  /** How many entries are in it; none in what is no object and no list. */
  count: number
  isOpen: boolean
}

export type Found = { hits: ReadonlySet<string>; around: ReadonlySet<string>; count: number }

export function childrenOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((it, index) => [String(index), it])
  if (typeof value === 'object' && value !== null) return Object.entries(value)
  return []
}

export function joined(parent: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${parent}[${key}]`
  const name = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? key : `[${JSON.stringify(key)}]`
  return parent === '' || name.startsWith('[') ? `${parent}${name}` : `${parent}.${name}`
}

/** The lines to show: what is open, or, while one searches, what was found and what leads to it. */
export function linesOf(value: unknown, open: ReadonlySet<string>, found?: Found): Line[] {
  const lines: Line[] = []
  const walk = (inside: unknown, parent: string, depth: number, isFound: boolean) => {
    const isList = Array.isArray(inside)
    for (const [key, it] of childrenOf(inside)) {
      const path = joined(parent, key, isList)
      const isHit = isFound || (found?.hits.has(path) ?? false)
      const isAround = found?.around.has(path) ?? false
      if (found && !isHit && !isAround) continue
      const count = childrenOf(it).length
      const isOpen = count > 0 && (open.has(path) || isAround)
      lines.push({ path, key, isIndex: isList, depth, value: it, count, isOpen })
      if (isOpen) walk(it, path, depth + 1, isHit)
    }
  }
  walk(value, '', 0, false)
  return lines
}

/** Where a text stands in keys or values, and what has to be open to see it. */
export function matchesOf(value: unknown, text: string): Found {
  const hits = new Set<string>()
  const around = new Set<string>()
  const walk = (inside: unknown, parent: string, over: string[]) => {
    const isList = Array.isArray(inside)
    for (const [key, it] of childrenOf(inside)) {
      const path = joined(parent, key, isList)
      const isLeaf = typeof it !== 'object' || it === null
      const isHit = (!isList && key.toLowerCase().includes(text)) || (isLeaf && String(it).toLowerCase().includes(text))
      if (isHit) {
        hits.add(path)
        for (const one of over) around.add(one)
      }
      walk(it, path, [...over, path])
    }
  }
  walk(value, '', [])
  return { hits, around, count: hits.size }
}

export function allPaths(value: unknown): string[] {
  const paths: string[] = []
  const walk = (inside: unknown, parent: string) => {
    const isList = Array.isArray(inside)
    for (const [key, it] of childrenOf(inside)) {
      const path = joined(parent, key, isList)
      if (childrenOf(it).length > 0) paths.push(path)
      walk(it, path)
    }
  }
  walk(value, '')
  return paths
}

/** What is open at first: everything of a small value, the short parts of a large one. */
export function firstOpen(value: unknown): ReadonlySet<string> {
  const all = allPaths(value)
  if (linesOf(value, new Set(all)).length <= 60) return new Set(all)
  const small = childrenOf(value)
    .filter(([, it]) => JSON.stringify(it).length < 400)
    .map(([key]) => joined('', key, Array.isArray(value)))
  return new Set(small.filter((it) => all.includes(it)))
}

/** Signs that turn the direction of writing, and others that nobody sees, as their numbers. */
export function visible(text: string): string {
  return text.replace(
    /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
