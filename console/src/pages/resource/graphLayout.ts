// Where each resource of a graph stands: in columns by how far it is away, sorted by type and name, so that the same
// relationships always give the same picture.
import type { Schemas } from '../../api/client'
import { cut, type KeySearch, keySearch, lineName } from '../../api/resources'

export type Item = {
  id: string
  /** None for what is not in the inventory. */
  key: KeySearch | undefined
  name: string
  type: string
  worst: Schemas['Severity'] | undefined
  /** Negative at the left: what points to the one in the middle. */
  distance: number
}

type Center = { key: KeySearch; name: string; worst: Schemas['Severity'] | undefined }
type Edge = { id: string; source: string; target: string }

const width = 290
const height = 64
const mostInColumn = 40

export function idOf(key: KeySearch): string {
  return `${key.type} ${key.id} ${key.account} ${key.region}`
}

export function laidOut(center: Center, opened: KeySearch[], known: (Schemas['Surroundings'] | undefined)[]) {
  const items = new Map<string, Item>()
  const edges = new Map<string, Edge>()
  items.set(idOf(center.key), {
    id: idOf(center.key),
    key: center.key,
    name: center.name,
    type: center.key.type,
    worst: center.worst,
    distance: 0,
  })
  for (const [index, from] of opened.entries()) {
    const around = known[index]
    const middle = items.get(idOf(from))
    if (!around || !middle) continue
    for (const [related, step] of [
      ...around.PointsTo.map((it) => [it, 1] as const),
      ...around.PointedToBy.map((it) => [it, -1] as const),
    ]) {
      const item = itemOf(related, middle.distance + step)
      if (!items.has(item.id)) {
        const column = [...items.values()].filter((it) => it.distance === item.distance)
        if (column.length >= mostInColumn) continue
        items.set(item.id, item)
      }
      const [source, target] = step > 0 ? [middle.id, item.id] : [item.id, middle.id]
      // What points to each other is one line: the way back would only run across the boxes.
      if (edges.has(`${target} → ${source}`)) continue
      edges.set(`${source} → ${target}`, { id: `${source} → ${target}`, source, target })
    }
  }
  const columns = new Map<number, Item[]>()
  for (const it of items.values()) columns.set(it.distance, [...(columns.get(it.distance) ?? []), it])
  const nodes = [...columns].flatMap(([distance, column]) =>
    column
      .sort((a, b) => a.type.localeCompare(b.type) || a.name.localeCompare(b.name))
      .map((item, row) => ({ item, x: distance * width, y: (row - (column.length - 1) / 2) * height })),
  )
  return { nodes, edges: [...edges.values()] }
}

function itemOf({ ResourceType: type, Id: id, Resource: line }: Schemas['RelatedResource'], distance: number): Item {
  const key = line ? keySearch(line.Key) : undefined
  return {
    id: key ? idOf(key) : `${type} ${id}`,
    key,
    name: line ? lineName(line) : cut(id),
    type: cut(type),
    worst: line?.Worst ?? undefined,
    distance,
  }
}
