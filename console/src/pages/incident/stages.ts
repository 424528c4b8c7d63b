// From the tags of detections (Sigma's `attack.impact`, Falco's `mitre_impact`) to the stages of an attack, in the order in which attacks go.
import type { Schemas } from '../../api/client'

type Tactic = Schemas['Tactic']

const order: Tactic[] = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
]

export function stagesOf(finding: Schemas['ThreatFinding']): Tactic[] {
  const tags = finding.Tags.map((it) => it.replace(/^(attack\.|mitre_)/, '').replaceAll('_', '-'))
  return order.filter((it) => tags.includes(it))
}

export function inOrder(stages: Iterable<Tactic>): Tactic[] {
  const present = new Set(stages)
  return order.filter((it) => present.has(it))
}
