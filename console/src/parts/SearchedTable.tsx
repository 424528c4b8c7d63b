// A whole list with a search above it: what is typed, and the order, stand in the address as `text` and `sort`.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { type ComponentProps, useCallback, useMemo } from 'react'
import { DataTable } from './DataTable'
import { SearchField } from './Field'
import { Empty } from './States'
import { Toolbar } from './Toolbar'
import { hasWords } from './words'

type Props<Row> = Omit<ComponentProps<typeof DataTable<Row>>, 'sort' | 'onSort' | 'rowHeight' | 'isLinked'> & {
  searchLabel: string
  nothingFound: string
  /** What a row is found by. */
  wordsOf: (row: Row) => string
}

export function SearchedTable<Row>({ searchLabel, nothingFound, wordsOf, rows, ...table }: Props<Row>) {
  const { text = '', sort } = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback(
    (part: { text?: string | undefined; sort?: string | undefined }) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  )
  const setText = useCallback((it: string) => change({ text: it || undefined }), [change])
  const found = useMemo(() => rows.filter((it) => hasWords(wordsOf(it), text)), [rows, wordsOf, text])
  return (
    <>
      <Toolbar>
        <SearchField label={searchLabel} value={text} onChange={setText} />
      </Toolbar>
      {found.length === 0 ? (
        <Empty icon={SearchX} title={nothingFound} />
      ) : (
        <DataTable {...table} rows={found} isLinked rowHeight={55} sort={sort} onSort={(it) => change({ sort: it })} />
      )}
    </>
  )
}
