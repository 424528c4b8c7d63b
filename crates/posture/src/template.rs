//! The text that `yagura rules new` writes: a rule with everything that is left to fill in.

/// A rule file with everything to fill in.
#[must_use]
pub fn new_rule_template(id: &str, resource_type: &str) -> String {
    TEMPLATE.replace("{id}", id).replace("{resource}", resource_type)
}

const TEMPLATE: &str = r#"# What each key means: docs/rules.md. `yagura rules test {id}` runs the examples below.
id: {id}
aliases:
  aws-config: []
  security-hub: []
  prowler: []
resource: {resource}
severity: medium                # critical, high, medium, low, informational
function: protect               # identify, protect, detect, respond, recover
params: {}                      # names and defaults: { max_age_days: 90 }
# when: meta.region != "global"     # false: the rule does not apply to this resource
compliant: resource.?Enabled.orValue(false)
# evidence: resource.?Enabled       # what exactly is wrong; kept when the answer is NON_COMPLIANT
text:
  en:
    title: FILL IN - what is wrong when the rule is violated
    why: >-
      FILL IN - what an attacker gains, or what is lost.
    impact_of_fix: >-
      FILL IN - who notices when it is fixed, and what to prepare first.
  ja:
    title: 要記入 - 違反しているとき、何が問題か
    why: >-
      要記入 - 攻撃者に何を許すか、何が失われるか。
    impact_of_fix: >-
      要記入 - 是正すると誰に影響するか、先に何を準備するか。
fix:
  steps:
    en:
      - FILL IN
    ja:
      - 要記入
  # cli: aws ...
references:
  - https://docs.aws.amazon.com/
examples:
  - name: as it should be
    given: { Enabled: true }
    expect: COMPLIANT
  - name: switched off
    given: { Enabled: false }
    expect: NON_COMPLIANT
  - name: AWS left the setting out
    given: {}
    expect: NON_COMPLIANT
"#;
