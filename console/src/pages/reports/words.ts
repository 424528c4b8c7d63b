import { useTexts } from '../../texts'
import { reports as en } from '../../texts/en/reports'
import { reports as ja } from '../../texts/ja/reports'

/** The words of the reports. */
export function useReportsTexts() {
  return useTexts({ en, ja })
}
