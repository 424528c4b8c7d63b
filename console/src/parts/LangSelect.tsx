// In which language something is written for others: the project's own, unless somebody says otherwise.
import type { Schemas } from '../api/client'
import { useCommon } from '../texts/common'
import { Select } from './Field'

export type Lang = Schemas['Lang'] | undefined

export function LangSelect({ value, onChange }: { value: Lang; onChange: (value: Lang) => void }) {
  const t = useCommon()
  return (
    <Select
      label={t.writtenIn}
      value={value ?? ''}
      options={[
        ['', t.asProjectReads],
        ['en', 'English'],
        ['ja', '日本語'],
      ]}
      onChange={(it) => onChange(it === '' ? undefined : it)}
    />
  )
}
