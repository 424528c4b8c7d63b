// Every rule and detection, with what is open because of it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { shortType } from '../../api/names'
import { rulesQuery } from '../../api/queries'
import { RowLink, Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { SearchField, Select } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Severity, severities } from '../../parts/Severity'
import { Empty, Loaded } from '../../parts/States'
import { Toolbar } from '../../parts/Toolbar'
import { hasWords } from '../../parts/words'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useRuleTexts } from '../../texts/rules'
import { countsQuery } from '../findings/queries'
import { functions, type search } from './search'

const route = getRouteApi('/signed-in/rules')

type Rule = Schemas['RuleLine']
type RulesSearch = Partial<ReturnType<typeof search>>

export default function Rules() {
  const t = useRuleTexts()
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Loaded from={useQuery(rulesQuery)}>{(rules) => <List of={rules} />}</Loaded>
    </>
  )
}

function List({ of: rules }: { of: Rule[] }) {
  const t = useRuleTexts()
  const common = useCommon()
  const format = useFormats()
  const chosen = route.useSearch()
  const navigate = route.useNavigate()
  const change = useCallback(
    (part: RulesSearch) => void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  )
  const setText = useCallback((text: string) => change({ text: text || undefined }), [change])
  const rows = useMemo(() => rules.filter((it) => isMeant(it, chosen)), [rules, chosen])
  const columns = useColumns()
  return (
    <>
      <Toolbar>
        <SearchField label={t.search} value={chosen.text ?? ''} onChange={setText} />
        <Select
          isBare
          label={t.function}
          value={chosen.function ?? 'all'}
          options={[['all', t.allFunctions] as const, ...functions.map((it) => [it, common.csf[it]] as const)]}
          onChange={(it) => change({ function: it === 'all' ? undefined : it })}
        />
        <Select
          isBare
          label={t.severity}
          value={chosen.severity ?? 'ALL'}
          options={[
            ['ALL', t.allSeverities] as const,
            ...severities.slice(0, 4).map((it) => [it, `${t.severity}: ${common.severity[it]}`] as const),
          ]}
          onChange={(it) => change({ severity: it === 'ALL' ? undefined : it })}
        />
      </Toolbar>
      {rows.length === 0 ? (
        <Empty icon={SearchX} title={t.nothingFound}>
          {t.nothingFoundHint}
        </Empty>
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          getKey={(it) => it.Id}
          isLinked
          rowHeight={55}
          sort={chosen.sort ?? '-open'}
          onSort={(sort) => change({ sort })}
          footer={t.count(format.number(rows.length), format.number(rules.length))}
        />
      )}
    </>
  )
}

function useColumns() {
  const t = useRuleTexts()
  const common = useCommon()
  const format = useFormats()
  const lang = useLang()
  const counts = useQuery(countsQuery({})).data?.Rules
  const open = useMemo(() => new Map(counts?.map((it) => [it.Id, it.Total])), [counts])
  return useMemo(
    () => [
      column<Rule>(
        'severity',
        common.severityLabel,
        (it) => <Severity of={it.Severity} />,
        { width: '5rem' },
        (it) => -severities.indexOf(it.Severity),
      ),
      column<Rule>(
        'rule',
        t.rule,
        (it) => (
          <>
            <RowLink to="/rules/$id" params={{ id: it.Id }}>
              {it.Title[lang] || it.Id}
            </RowLink>
            <Under>
              <code>{it.Id}</code>
            </Under>
          </>
        ),
        { width: 'minmax(0, 2fr)', phone: 'whole' },
        (it) => it.Title[lang],
      ),
      column<Rule>(
        'on',
        t.on,
        (it) => <span translate="no">{shortType(it.Resource)}</span>,
        { phone: 'beside' },
        (it) => it.Resource,
      ),
      column<Rule>(
        'function',
        t.function,
        (it) => common.csf[it.Function],
        { width: '9rem', phone: 'hide' },
        (it) => functions.indexOf(it.Function),
      ),
      column<Rule>(
        'open',
        t.open,
        (it) => format.number(open.get(it.Id) ?? 0),
        { width: '4.5rem', align: 'end' },
        (it) => open.get(it.Id) ?? 0,
      ),
    ],
    [t, common, format, lang, open],
  )
}

function isMeant(it: Rule, { text = '', function: wanted, severity }: RulesSearch): boolean {
  if (wanted !== undefined && it.Function !== wanted) return false
  if (severity !== undefined && severities.indexOf(it.Severity) > severities.indexOf(severity)) return false
  return hasWords([it.Id, it.Title.en, it.Title.ja, it.Resource].join(' '), text)
}
