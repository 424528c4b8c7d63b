import { useTexts } from '../../texts'
import { scores as en } from '../../texts/en/scores'
import { scores as ja } from '../../texts/ja/scores'

/** The words of the scores. */
export function useScoresTexts() {
  return useTexts({ en, ja })
}
