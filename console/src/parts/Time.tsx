// A moment: how long ago, or when, with the exact time at hand.
import { useNow } from '../app/clock'
import { useFormats } from '../texts/format'

export function Time({ at, look = 'ago' }: { at: string; look?: 'ago' | 'day' | 'moment' | 'clock' }) {
  const format = useFormats()
  const now = useNow()
  const shown = look === 'ago' ? format.ago(at, now) : format[look](at)
  return (
    <time dateTime={at} title={format.exact(at)} className="numbers">
      {shown}
    </time>
  )
}
