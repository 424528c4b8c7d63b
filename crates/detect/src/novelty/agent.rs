//! The family of a user agent: what program it is, whatever its version.

/// So long may a family be.
const LONGEST: usize = 40;

/// Programs that stand somewhere in the text, the most telling ones first.
const PROGRAMS: [(&str, &str); 9] = [
    ("opentofu/", "opentofu"),
    ("terraform/", "terraform"),
    ("pulumi", "pulumi"),
    ("amazon-ssm-agent", "amazon-ssm-agent"),
    ("exec-env/cloudshell", "cloudshell"),
    ("aws-cli/", "aws-cli"),
    ("awspowershell", "aws-powershell"),
    ("boto3/", "boto3"),
    ("botocore/", "botocore"),
];

/// Browsers, those first that name others, too.
const BROWSERS: [(&str, &str); 8] = [
    ("powershell/", "powershell"),
    ("edg", "edge"),
    ("opr/", "opera"),
    ("firefox/", "firefox"),
    ("fxios/", "firefox"),
    ("chrome/", "chrome"),
    ("crios/", "chrome"),
    ("safari/", "safari"),
];

/// What browsers run on, those first that name others, too.
const SYSTEMS: [(&str, &str); 7] = [
    ("windows", "windows"),
    ("android", "android"),
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("cros", "chromeos"),
    ("mac os x", "mac"),
    ("linux", "linux"),
];

fn first<'n>(text: &str, names: &[(&str, &'n str)]) -> Option<&'n str> {
    names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

/// The family of a user agent; `None` when AWS itself speaks, or nothing is said.
///
/// `aws-cli`, `boto3`, `terraform`, `console`, `firefox on linux`; of others the name of the first product.
#[must_use]
pub fn family(agent: &str) -> Option<String> {
    let text = agent.trim().trim_start_matches('[').trim_end_matches(']').trim().to_ascii_lowercase();
    if text.starts_with("console.") || text == "signin.amazonaws.com" {
        return Some("console".to_owned());
    }
    if text.contains("aws-internal/") {
        // What the console calls for somebody; the rest are services among themselves.
        return text.contains("console").then(|| "console".to_owned());
    }
    if text == "aws internal" || text.ends_with(".amazonaws.com") {
        return None;
    }
    if text.starts_with("mozilla/") {
        let browser = first(&text, &BROWSERS).unwrap_or("browser");
        let system = first(&text, &SYSTEMS);
        return Some(system.map_or_else(|| browser.to_owned(), |system| format!("{browser} on {system}")));
    }
    if let Some(program) = first(&text, &PROGRAMS) {
        return Some(program.to_owned());
    }
    let product = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.');
    let name = text.split(|it| !product(it)).next().unwrap_or_default();
    // Parts that differ from run to run: numbers, ids.
    let changes = |part: &&str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let version = part.strip_prefix('v').is_some_and(|it| it.len() == 1 && digits == 1);
        (digits > 0 && !version && part.len() >= 6 && part.bytes().all(|it| it.is_ascii_hexdigit()))
            || (!part.is_empty() && part.bytes().all(|it| it.is_ascii_digit() || it == b'.'))
    };
    let kept: Vec<_> = name.split('-').filter(|it| !changes(it)).collect();
    let name: String = kept.join("-").chars().take(LONGEST).collect();
    name.bytes().any(|it| it.is_ascii_alphabetic()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(agent: &str) -> String {
        family(agent).unwrap_or_else(|| "none".to_owned())
    }

    #[test]
    fn a_program_is_the_same_in_every_version() {
        for (agent, expected) in [
            ("aws-cli/1.16.248 Python/2.7.16 Linux/4.14 botocore/1.12.238", "aws-cli"),
            ("aws-cli/2.15.0 Python/3.12.0 md/Botocore#1.34", "aws-cli"),
            ("aws-cli/2.13.5 Python/3.11.4 Linux/4.14 exec-env/CloudShell exe/x86_64.amzn.2", "cloudshell"),
            ("[Boto3/1.26.165 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.165]", "boto3"),
            ("Botocore/1.29.1 Python/3.8", "botocore"),
            (
                "APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) terraform-provider-aws/3.76.1",
                "terraform",
            ),
            (
                "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io) terraform-provider-aws/dev",
                "terraform",
            ),
            ("aws-sdk-go/1.41.4 (go1.18.3; linux; amd64) amazon-ssm-agent/", "amazon-ssm-agent"),
            ("aws-sdk-go-v2/1.17.0 os/linux lang/go/1.18.10", "aws-sdk-go-v2"),
            ("aws-sdk-java/2.17.0", "aws-sdk-java"),
            ("stratus-red-team_5d6b1a90-1111-4000-8000-000000000001", "stratus-red-team"),
            ("my-tool-20260102-1f2e3d4c5b/7", "my-tool"),
            ("ec2-api-tools 1.6.12.2", "ec2-api-tools"),
            ("Go-http-client/1.1", "go-http-client"),
            ("S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10", "console"),
            ("console.ec2.amazonaws.com", "console"),
        ] {
            assert_eq!(of(agent), expected, "{agent}");
        }
    }

    #[test]
    fn browsers_are_told_with_what_they_run_on() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
                "firefox on linux",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
                "chrome on mac",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
                "edge on windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
                "safari on ios",
            ),
            ("Mozilla/5.0", "browser"),
        ] {
            assert_eq!(of(agent), expected, "{agent}");
        }
    }

    #[test]
    fn what_aws_itself_says_is_no_family() {
        for agent in [
            "AWS Internal",
            "secretsmanager.amazonaws.com",
            "aws-internal/3 aws-sdk-java/1.12",
            "-",
            "...",
            "",
            "20260102",
        ] {
            assert_eq!(family(agent), None, "{agent}");
        }
    }

    proptest::proptest! {
        /// Whatever somebody sends, the answer is short and has no version in it.
        #[test]
        fn anything_has_a_short_family(agent in ".{0,200}") {
            if let Some(family) = family(&agent) {
                proptest::prop_assert!(!family.is_empty() && family.len() <= LONGEST);
            }
        }
    }
}
