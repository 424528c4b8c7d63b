// A span of time, short: how long a job took, how far a source is behind.
import { useTexts } from '../../texts'
import { jobs as en } from '../../texts/en/jobs'
import { useFormats } from '../../texts/format'
import { jobs as ja } from '../../texts/ja/jobs'

export function useSpan(): (seconds: number) => string {
  const t = useTexts({ en, ja })
  const format = useFormats()
  return (seconds) => {
    if (seconds < 120) return t.seconds(format.number(Math.round(seconds)))
    if (seconds < 7_200) return t.minutes(format.number(Math.round(seconds / 60)))
    return t.hours(format.number(Math.round(seconds / 360) / 10))
  }
}
