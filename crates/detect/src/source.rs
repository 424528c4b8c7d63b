//! Kinds of events, and which rules are about them.

use rsigma_parser::LogSource;

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// CloudTrail.
    CloudTrail,
    /// The audit log of a Kubernetes cluster.
    KubernetesAudit,
    /// VPC Flow Logs.
    VpcFlow,
    /// Route 53 Resolver query logs.
    Dns,
    /// Alerts of Falco: what the kernel told it.
    Runtime,
    /// Findings of GuardDuty.
    GuardDuty,
}

impl Source {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::CloudTrail, Self::KubernetesAudit, Self::VpcFlow, Self::Dns, Self::Runtime, Self::GuardDuty];

    /// Falco's name of it; it knows no rules about the others.
    #[must_use]
    pub fn falco(self) -> &'static str {
        match self {
            Self::CloudTrail => "aws_cloudtrail",
            Self::KubernetesAudit => "k8s_audit",
            Self::VpcFlow => "aws_vpcflow",
            Self::Dns => "aws_route53",
            Self::Runtime => "syscall",
            Self::GuardDuty => "aws_guardduty",
        }
    }

    /// Sigma's product and services, and a category that other products have, too.
    fn sigma(self) -> (&'static str, &'static [&'static str], Option<&'static str>) {
        match self {
            Self::CloudTrail => ("aws", &["cloudtrail"], None),
            Self::KubernetesAudit => ("kubernetes", &["audit"], None),
            Self::VpcFlow => ("aws", &["vpcflow"], Some("firewall")),
            Self::Dns => ("aws", &["route53"], Some("dns")),
            Self::Runtime => ("falco", &["syscall"], None),
            Self::GuardDuty => ("aws", &["guardduty"], None),
        }
    }

    /// Whether a Sigma rule for such logs is about it. What a rule leaves out it does not ask for; of AWS alone, it means CloudTrail.
    #[must_use]
    pub fn is_meant_by(self, asked: &LogSource) -> bool {
        let (product, services, category) = self.sigma();
        let is = |asked: &Option<String>, it: &str| {
            asked.as_ref().is_some_and(|asked| asked.eq_ignore_ascii_case(it))
        };
        let fits_product = asked.product.is_none() || is(&asked.product, product);
        let fits_service = services.iter().any(|it| is(&asked.service, it));
        match &asked.category {
            Some(_) => {
                fits_product
                    && (asked.service.is_none() || fits_service)
                    && category.is_some_and(|it| is(&asked.category, it))
            }
            None if asked.service.is_none() => {
                is(&asked.product, product) && !matches!(self, Self::VpcFlow | Self::Dns | Self::GuardDuty)
            }
            None => fits_product && fits_service,
        }
    }

    /// How the fields of Sigma's general categories are called in these events.
    pub(crate) fn aliases(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::VpcFlow => &[
                ("src_ip", "srcaddr"),
                ("dst_ip", "dstaddr"),
                ("src_port", "srcport"),
                ("dst_port", "dstport"),
            ],
            Self::Dns => &[
                ("query", "yagura.query"),
                ("record_type", "query_type"),
                ("answer", "yagura.answers"),
                ("parent_domain", "yagura.parent_domain"),
                ("src_ip", "srcaddr"),
            ],
            _ => &[],
        }
    }

    /// Where the event's name, id and time stand, and what the name is called in Falco.
    pub(crate) fn marks(self) -> Marks {
        let (name, id, time, falco_name) = match self {
            Self::CloudTrail => ("eventName", "eventID", "eventTime", "ct.name"),
            Self::KubernetesAudit => ("verb", "auditID", "stageTimestamp", "ka.verb"),
            Self::VpcFlow => ("action", "yagura.id", "yagura.time", ""),
            Self::Dns => ("yagura.parent_domain", "yagura.id", "query_timestamp", ""),
            Self::Runtime => ("rule", "yagura.id", "time", ""),
            Self::GuardDuty => ("type", "id", "updatedAt", ""),
        };
        Marks { name, id, time, falco_name }
    }
}

/// Paths, with dots between their keys.
pub(crate) struct Marks {
    pub(crate) name: &'static str,
    pub(crate) id: &'static str,
    pub(crate) time: &'static str,
    pub(crate) falco_name: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(product: &str, service: &str, category: &str) -> Vec<Source> {
        let given = |it: &str| (!it.is_empty()).then(|| it.to_owned());
        let asked = LogSource {
            product: given(product),
            service: given(service),
            category: given(category),
            ..LogSource::default()
        };
        Source::ALL.into_iter().filter(|it| it.is_meant_by(&asked)).collect()
    }

    #[test]
    fn a_rule_is_about_the_events_that_its_log_source_names() {
        assert_eq!(meant("aws", "cloudtrail", ""), [Source::CloudTrail]);
        assert_eq!(meant("aws", "", ""), [Source::CloudTrail]);
        assert_eq!(meant("kubernetes", "", ""), [Source::KubernetesAudit]);
        assert_eq!(meant("", "audit", ""), [Source::KubernetesAudit]);
        assert_eq!(meant("aws", "vpcflow", ""), [Source::VpcFlow]);
        assert_eq!(meant("", "", "firewall"), [Source::VpcFlow]);
        assert_eq!(meant("", "", "DNS"), [Source::Dns]);
        assert_eq!(meant("aws", "route53", ""), [Source::Dns]);
        assert_eq!(meant("aws", "guardduty", ""), [Source::GuardDuty]);
        assert_eq!(meant("falco", "", ""), [Source::Runtime]);
        for (product, service, category) in [
            ("linux", "", "process_creation"),
            ("windows", "", "dns_query"),
            ("zeek", "dns", ""),
            ("", "", ""),
            ("azure", "", "firewall"),
        ] {
            assert_eq!(meant(product, service, category), [], "{product} {service} {category}");
        }
    }
}
