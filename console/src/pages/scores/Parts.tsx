// Scores of the parts of the organisation, or of the rules: each with its change, and where it leads.
import type { LinkProps } from '@tanstack/react-router'
import { getRouteApi } from '@tanstack/react-router'
import { FolderKanban } from 'lucide-react'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { RowLink, Under } from '../../parts/Cell'
import { Change, Meter } from '../../parts/Change'
import { column, DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/States'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import styles from './Scores.module.css'
import { useScoresTexts } from './words'

const route = getRouteApi('/signed-in/scores')

type Part = Schemas['TrendPart']
type Sort = 'functions' | 'accounts' | 'projects' | 'frameworks'

const leads: Record<Sort, (part: Part) => LinkProps> = {
  functions: (it) => ({ to: '/rules', search: { function: it.Id } as never }),
  accounts: (it) => ({ to: '/accounts/$id', params: { id: it.Id } }),
  projects: (it) => ({ to: '/findings', search: { project: [it.Id] } as never }),
  frameworks: (it) => ({ to: '/compliance/$id', params: { id: it.Id } }),
}

export function Parts({ sort: kind, of: parts }: { sort: Sort; of: Part[] }) {
  const t = useScoresTexts()
  const common = useCommon()
  const format = useFormats()
  const lang = useLang()
  const { sort } = route.useSearch()
  const navigate = route.useNavigate()
  const columns = useMemo(() => {
    const functions = common.csf as Record<string, string | undefined>
    const name = (it: Part) => (kind === 'functions' ? functions[it.Id] : undefined) ?? (it.Name[lang] || it.Id)
    const percent = (it: number | null | undefined) => (typeof it === 'number' ? format.percent(it) : '–')
    return [
      column<Part>(
        'name',
        t.name,
        (it) => (
          <>
            <RowLink {...leads[kind](it)}>{name(it)}</RowLink>
            {kind === 'accounts' && name(it) !== it.Id && <Under>{it.Id}</Under>}
          </>
        ),
        { width: 'minmax(0, 1.4fr)', phone: 'whole' },
        name,
      ),
      column<Part>(
        'score',
        t.score,
        (it) => (
          <span className={styles.score}>
            <Meter of={it.Score} />
            <span>{percent(it.Score)}</span>
          </span>
        ),
        { phone: 'whole' },
        (it) => it.Score ?? -1,
      ),
      column<Part>(
        'change',
        t.change,
        (it) => <Change of={it.Change} title={t.change} />,
        { width: '5rem', align: 'end' },
        (it) => it.Change ?? 0,
      ),
      column<Part>(
        'first',
        t.first,
        (it) => percent(it.FirstScore),
        { width: '5.5rem', align: 'end', phone: 'hide' },
        (it) => it.FirstScore ?? -1,
      ),
      column<Part>(
        'known',
        t.known,
        (it) => (typeof it.Known === 'number' ? t.percent(format.percent(it.Known)) : '–'),
        { width: '5rem', align: 'end', phone: 'hide' },
        (it) => it.Known ?? -1,
      ),
      column<Part>(
        'violations',
        t.violations,
        (it) => <span title={t.violations}>{format.number(it.Violations)}</span>,
        { width: '5.5rem', align: 'end' },
        (it) => it.Violations,
      ),
    ]
  }, [t, common, format, lang, kind])
  if (parts.length === 0) return <Empty icon={FolderKanban} title={t.noProjects} />
  return (
    <DataTable
      label={t[kind]}
      rows={parts}
      columns={columns}
      getKey={(it) => it.Id}
      isLinked
      rowHeight={kind === 'accounts' ? 55 : 43}
      sort={sort}
      onSort={(it) => void navigate({ to: '.', search: (before) => ({ ...before, sort: it }), replace: true })}
    />
  )
}
