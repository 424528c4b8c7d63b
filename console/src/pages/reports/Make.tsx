// A report about a project, made now and handed over as a file.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { Button } from '../../parts/Button'
import { save } from '../../parts/csv'
import { Check, Form, FormButtons, Select } from '../../parts/Field'
import { type Lang, LangSelect } from '../../parts/LangSelect'
import { Card } from '../../parts/Page'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import styles from './Reports.module.css'
import { useReportsTexts } from './words'

const formats = ['xlsx', 'pdf', 'html', 'csv', 'json'] as const

type Format = (typeof formats)[number]

/** What stands for the accounts of no project: no project can be called so. */
const without = '\n'

/** What the server calls the file. */
function nameOf(response: Response, format: Format): string {
  const told = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')
  return told?.[1] ? decodeURIComponent(told[1]) : `yagura.${format}`
}

export function Make({ of: list, weeks }: { of: Schemas['ReportList']; weeks: number }) {
  const t = useReportsTexts()
  const tell = useTell()
  const [project, setProject] = useState(list.Projects[0] ?? without)
  const [format, setFormat] = useState<Format>('xlsx')
  const [lang, setLang] = useState<Lang>()
  const [ended, setEnded] = useState(false)
  const make = useMutation({
    mutationFn: async () => {
      const asked = client.GET('/api/reports/file', {
        params: {
          query: {
            format,
            weeks,
            ended,
            ...(project === without ? {} : { project }),
            lang,
          },
        },
        parseAs: 'blob',
      })
      const file = await answer(asked as unknown as Promise<{ data?: Blob; error?: unknown; response: Response }>)
      const name = nameOf((await asked).response, format)
      save(name, file)
      return name
    },
    onSuccess: (name) => tell.done(t.made(name)),
  })
  const abouts = [
    ...list.Projects.map((it) => [it, it] as const),
    ...(list.WithoutProject ? [[without, t.withoutProject] as const] : []),
  ]
  if (abouts.length === 0) return <p className={styles.quiet}>{t.noProjects}</p>
  return (
    <Card>
      <Form onSubmit={() => make.mutate()}>
        <p>{t.makeLead}</p>
        <div className={styles.fields}>
          <Select label={t.about} value={project} options={abouts} onChange={setProject} />
          <Select
            label={t.format}
            value={format}
            options={formats.map((it) => [it, t.formats[it]] as const)}
            onChange={setFormat}
          />
          <LangSelect value={lang} onChange={setLang} />
        </div>
        <Check label={t.ended} value={ended} onChange={setEnded} />
        {list.Projects.length === 0 && <p className={styles.quiet}>{t.noProjects}</p>}
        <Note error={make.error} />
        <FormButtons>
          <Button type="submit" look="primary" isBusy={make.isPending}>
            {t.download}
          </Button>
          {make.isPending && (
            <span className={styles.quiet} role="status">
              {t.making}
            </span>
          )}
        </FormButtons>
      </Form>
    </Card>
  )
}
