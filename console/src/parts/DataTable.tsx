// The table of every list: only rows on screen exist, so that ten thousand scroll like ten. Sorting, selecting and
// walking with `j`, `k`, `x`, Enter work everywhere alike. On a phone a row becomes a small card.
import {
  type ColumnDef,
  getCoreRowModel,
  getSortedRowModel,
  type RowData,
  type SortingState,
  useReactTable,
} from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useCommon } from '../texts/common'
import { useFormats } from '../texts/format'
import styles from './DataTable.module.css'
import { useRowKeys } from './useRowKeys'

declare module '@tanstack/react-table' {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** A track of the grid: `8rem`, `minmax(0, 2fr)`. */
    width?: string
    align?: 'end'
    /** Where it stands on a phone: on a line of its own, beside others, or not at all. */
    phone?: 'whole' | 'first' | 'beside' | 'hide'
  }
}

export type Column<Row> = ColumnDef<Row, unknown>

/** A column: what it is called, what stands in it, by what it is sorted. */
export function column<Row>(
  id: string,
  header: string,
  cell: (row: Row) => ReactNode,
  meta: { width?: string; align?: 'end'; phone?: 'whole' | 'first' | 'beside' | 'hide' } = {},
  sort?: (row: Row) => string | number,
): Column<Row> {
  return {
    id,
    header,
    meta,
    cell: ({ row }) => cell(row.original),
    enableSorting: sort !== undefined,
    ...(sort === undefined ? {} : { accessorFn: sort, sortDescFirst: false }),
  }
}

export type Selection = {
  has: (key: string) => boolean
  toggle: (key: string, upTo?: string) => void
  allChecked: boolean
  toggleAll: () => void
}

type Props<Row> = {
  label: string
  rows: readonly Row[]
  columns: Column<Row>[]
  getKey: (row: Row) => string
  /** Whether the first cell has a link with `data-row-link`, to which the whole row leads. */
  isLinked?: boolean
  /** For rows that can be selected: what one is called. */
  selection?: Selection
  describe?: (row: Row) => string
  /** The column by which it is sorted, a minus before it for downwards; kept in the address. */
  sort?: string | undefined
  onSort?: (sort: string | undefined) => void
  /** How many there are in all, where not all are here yet. */
  total?: number | undefined
  onReachEnd?: () => void
  rowHeight?: number
  footer?: ReactNode
}

export function DataTable<Row>(props: Props<Row>) {
  const { rows, columns, getKey, selection, onReachEnd, rowHeight = 43 } = props
  const t = useCommon()
  const format = useFormats()
  const { sort } = props
  const sorting = useMemo(
    (): SortingState => (sort ? [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }] : []),
    [sort],
  )
  // The table keeps what it read out of a row for as long as the rows are the same. Other columns may read otherwise.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for the reason above
  const data = useMemo(() => [...rows], [rows, columns])
  const table = useReactTable({
    data,
    columns,
    getRowId: getKey,
    state: { sorting },
    defaultColumn: { sortingFn: (a, b, id) => compare(a.getValue(id), b.getValue(id), format.sort) },
    // There are no pages to go back to; resetting them at each render would render without end.
    autoResetPageIndex: false,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  })
  const shown = table.getRowModel().rows
  const body = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(document.body)
    return () => watcher.disconnect()
  }, [])
  const virtual = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
    // Room for what sticks to the top.
    scrollPaddingStart: 110,
    scrollPaddingEnd: 24,
    getItemKey: (index) => shown[index]?.id ?? index,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (onReachEnd && last >= shown.length - 25) onReachEnd()
  }, [last, shown.length, onReachEnd])

  const active = useRowKeys({
    count: shown.length,
    show: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
    open: (index) => openRow(body.current, index),
    select: selection && ((index) => shown[index] && selection.toggle(shown[index].id)),
  })

  const tracks = columns.map((it) => it.meta?.width ?? 'minmax(0, 1fr)')
  if (selection) tracks.unshift('1rem')
  return (
    <div
      className={styles.table}
      role="table"
      aria-label={props.label}
      aria-rowcount={(props.total ?? shown.length) + 1}
      style={{ '--columns': tracks.join(' ') } as React.CSSProperties}
    >
      <div className={styles.head} role="rowgroup">
        <div className={`${styles.headRow} ${selection ? styles.hasSelection : ''}`} role="row" aria-rowindex={1}>
          {selection && (
            <div role="columnheader">
              <label className={styles.check}>
                <input type="checkbox" checked={selection.allChecked} onChange={selection.toggleAll} />
                <span className="hidden-visually">{t.selectRow(t.all)}</span>
              </label>
            </div>
          )}
          {table.getFlatHeaders().map((header) => {
            const sorted = header.column.getIsSorted()
            const name = String(header.column.columnDef.header ?? '')
            const canSort = props.onSort && header.column.getCanSort()
            return (
              <div
                key={header.id}
                role="columnheader"
                className={`${styles.column} ${header.column.columnDef.meta?.align === 'end' ? styles.end : ''}`}
                aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
              >
                {canSort ? (
                  <button
                    type="button"
                    className={styles.sort}
                    onClick={() => props.onSort?.(nextSort(header.id, sorted))}
                    title={t.sortBy(name)}
                  >
                    {name}
                    {sorted === 'asc' && <ArrowUp size={12} aria-hidden="true" />}
                    {sorted === 'desc' && <ArrowDown size={12} aria-hidden="true" />}
                  </button>
                ) : (
                  name
                )}
              </div>
            )
          })}
        </div>
      </div>
      <div ref={body} className={styles.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = shown[item.index]
          if (!row) return null
          const isSelected = selection?.has(row.id) ?? false
          const names = [
            styles.row,
            props.isLinked && styles.isLink,
            isSelected && styles.isSelected,
            active === item.index && styles.isActive,
          ]
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={selection ? isSelected : undefined}
              className={names.filter(Boolean).join(' ')}
              style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
            >
              {selection && (
                <div role="cell">
                  <label className={styles.check}>
                    <input
                      type="checkbox"
                      checked={isSelected}
                      onChange={(event) =>
                        selection.toggle(row.id, (event.nativeEvent as MouseEvent).shiftKey ? 'range' : undefined)
                      }
                    />
                    <span className="hidden-visually">{t.selectRow(props.describe?.(row.original) ?? row.id)}</span>
                  </label>
                </div>
              )}
              {row.getVisibleCells().map((cell) => {
                const meta = cell.column.columnDef.meta
                const render = cell.column.columnDef.cell
                return (
                  <div
                    key={cell.id}
                    role="cell"
                    className={`${styles.cell} ${meta?.align === 'end' ? styles.end : ''}`}
                    data-phone={meta?.phone ?? 'beside'}
                    data-label={meta?.align === 'end' ? String(cell.column.columnDef.header ?? '') : undefined}
                  >
                    {typeof render === 'function' ? render(cell.getContext()) : null}
                  </div>
                )
              })}
            </div>
          )
        })}
      </div>
      {props.footer && <div className={styles.foot}>{props.footer}</div>}
    </div>
  )
}

function openRow(body: HTMLElement | null, index: number) {
  body?.querySelector<HTMLAnchorElement>(`[data-index="${index}"] a[data-row-link]`)?.click()
}

function compare(a: unknown, b: unknown, words: (a: string, b: string) => number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : words(String(a), String(b))
}

/** Upwards, downwards, as it came. */
function nextSort(id: string, sorted: false | 'asc' | 'desc'): string | undefined {
  if (sorted === 'asc') return `-${id}`
  return sorted === 'desc' ? undefined : id
}
