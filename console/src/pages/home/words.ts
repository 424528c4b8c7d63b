import { useTexts } from '../../texts'
import { home as en } from '../../texts/en/home'
import { home as ja } from '../../texts/ja/home'

/** The words of the first page. */
export function useHomeTexts() {
  return useTexts({ en, ja })
}
