// The list as a file: everything that its filter lets through, in the format of whoever reads on.
import { Download as Icon } from 'lucide-react'
import { Button } from '../../parts/Button'
import { MenuButton } from '../../parts/MenuButton'
import { useLang } from '../../texts'
import { useFindingsTexts } from '../../texts/findings'
import type { Filter } from './search'

const formats = ['csv', 'ndjson', 'ocsf', 'asff'] as const

/** The address of the file. The browser fetches it by itself, so that a large one goes to the disk as it comes. */
function fileAddress(filter: Partial<Filter>, format: (typeof formats)[number], lang: string): string {
  const query = new URLSearchParams({ format, lang, zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  for (const [key, value] of Object.entries(filter)) {
    for (const it of Array.isArray(value) ? value : [value]) query.append(key, String(it))
  }
  return `/api/findings/file?${query}`
}

export function Download({ filter }: { filter: Partial<Filter> }) {
  const t = useFindingsTexts()
  const lang = useLang()
  const fetchFile = (format: (typeof formats)[number]) => {
    const link = document.createElement('a')
    link.href = fileAddress(filter, format, lang)
    link.download = ''
    link.click()
  }
  return (
    <MenuButton
      label={t.download}
      groups={[formats.map((id) => ({ id, name: t.formats[id], run: () => fetchFile(id) }))]}
    >
      <Button>
        <Icon size={14} aria-hidden="true" />
        {t.download}
      </Button>
    </MenuButton>
  )
}
