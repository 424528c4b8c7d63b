// What differs between two versions of a resource: path by path, so that a list with one entry more is one addition.
import { childrenOf, joined } from '../../parts/jsonLines'

export type Difference = { path: string; kind: 'added' | 'removed' | 'changed'; before?: unknown; after?: unknown }

const names = ['Id', 'Arn', 'Name', 'Key', 'Sid', 'GroupId', 'RuleId', 'DeviceName', 'PolicyName', 'LogicalResourceId']

export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (Object.is(before, after) || same(before, after)) return []
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return keys.flatMap((key): Difference[] => {
      const at = joined(path, key, false)
      if (!(key in before)) return [{ path: at, kind: 'added', after: after[key] }]
      if (!(key in after)) return [{ path: at, kind: 'removed', before: before[key] }]
      return differences(before[key], after[key], at)
    })
  }
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path)
  return [{ path, kind: 'changed', before, after }]
}

/** Entries are told apart by what names them, else by what they hold; what is left is compared in order. */
function ofLists(before: unknown[], after: unknown[], path: string): Difference[] {
  const came = new Set(after.keys())
  const pairs: [number, number][] = []
  const left: number[] = []
  for (const [index, it] of before.entries()) {
    const match = [...came].find((at) => same(after[at], it))
    if (match === undefined) left.push(index)
    else came.delete(match)
  }
  const alone: number[] = []
  for (const index of left) {
    const match = [...came].find((at) => isNamedAlike(before[index], after[at]))
    if (match === undefined) alone.push(index)
    else {
      came.delete(match)
      pairs.push([index, match])
    }
  }
  // As many on both sides without a name: the same entries, changed.
  if (alone.length === came.size) {
    for (const [at, to] of [...came].entries()) pairs.push([alone[at] ?? to, to])
    alone.length = 0
    came.clear()
  }
  return [
    ...pairs.flatMap(([from, to]) => differences(before[from], after[to], `${path}[${to}]`)),
    ...alone.map((at): Difference => ({ path: `${path}[${at}]`, kind: 'removed', before: before[at] })),
    ...[...came].map((at): Difference => ({ path: `${path}[${at}]`, kind: 'added', after: after[at] })),
  ]
}

function isNamedAlike(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return false
  const name =
    names.find((it) => typeof a[it] === 'string' && it in b) ?? Object.keys(a).find((it) => /(Id|Arn)$/.test(it))
  return name !== undefined && a[name] !== undefined && a[name] === b[name]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [one, other] = [childrenOf(a), b as Record<string, unknown>]
  return one.length === childrenOf(b).length && one.every(([key, it]) => key in other && same(it, other[key]))
}
