//! Stages of attacks in every language.

use yagura_model::Tactic;

use crate::words::{Word, word};

/// What MITRE ATT&CK calls a tactic.
pub(super) fn tactic(it: Tactic) -> Word {
    match it {
        Tactic::Reconnaissance => word("Reconnaissance", "偵察"),
        Tactic::ResourceDevelopment => word("Resource development", "攻撃基盤の準備"),
        Tactic::InitialAccess => word("Initial access", "初期アクセス"),
        Tactic::Execution => word("Execution", "実行"),
        Tactic::Persistence => word("Persistence", "永続化"),
        Tactic::PrivilegeEscalation => word("Privilege escalation", "権限昇格"),
        Tactic::DefenseEvasion => word("Defense evasion", "防御回避"),
        Tactic::CredentialAccess => word("Credential access", "認証情報の窃取"),
        Tactic::Discovery => word("Discovery", "探索"),
        Tactic::LateralMovement => word("Lateral movement", "横展開"),
        Tactic::Collection => word("Collection", "収集"),
        Tactic::CommandAndControl => word("Command and control", "C2 通信"),
        Tactic::Exfiltration => word("Exfiltration", "持ち出し"),
        Tactic::Impact => word("Impact", "影響"),
    }
}
