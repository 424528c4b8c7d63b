//! Container images as scanners name them: those of ECR say themselves where they are.

use yagura_model::{AccountId, Region, ResourceKey, ResourceType};

use super::{Elsewhere, Refusal};
use crate::resource::{IMAGE, Placed};

/// Images outside ECR, directories, files.
const ARTIFACT: &str = "Software::Artifact";

/// Where an image is. Of several names, those with a digest are taken first: a tag moves.
pub(super) fn placed<'n>(
    names: impl Iterator<Item = &'n str> + Clone,
    elsewhere: &Elsewhere,
) -> Result<Placed, Refusal> {
    let with_digest = names.clone().filter(|name| name.contains("@sha256:"));
    if let Some(placed) = with_digest.chain(names.clone()).find_map(in_ecr) {
        return Ok(placed);
    }
    let mut names = names;
    let name =
        names.next().ok_or_else(|| Refusal::Wrong("the report does not say what was scanned".to_owned()))?;
    artifact(name, elsewhere)
}

/// What is not in AWS belongs to the account that the user names.
pub(super) fn artifact(name: &str, elsewhere: &Elsewhere) -> Result<Placed, Refusal> {
    let Some(account) = elsewhere.account.clone() else {
        return Err(Refusal::Wrong(
            "it does not say which account it belongs to: name one with --account".to_owned(),
        ));
    };
    let region = elsewhere.region.clone().unwrap_or_else(Region::global);
    let resource_type = ResourceType::from(ARTIFACT);
    Ok(Placed {
        key: ResourceKey { account, region, resource_type, id: name.to_owned() },
        arn: name.to_owned(),
    })
}

/// `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app@sha256:...`
fn in_ecr(name: &str) -> Option<Placed> {
    let (host, image) = name.split_once('/')?;
    let mut parts = host.split('.');
    let account = AccountId::new(parts.next()?).ok()?;
    if parts.next() != Some("dkr") || !matches!(parts.next(), Some("ecr" | "ecr-fips")) {
        return None;
    }
    let region = Region::from(parts.next()?);
    if parts.next() != Some("amazonaws") {
        return None;
    }
    let partition = region.partition();
    let path = image.replacen("@sha256:", "/sha256:", 1);
    Some(Placed {
        arn: format!("arn:{partition}:ecr:{region}:{account}:repository/{path}"),
        key: ResourceKey { account, region, resource_type: ResourceType::from(IMAGE), id: image.to_owned() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_of_ecr_says_where_it_is_by_its_digest_if_it_has_one() {
        let host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
        let names = [format!("{host}/team/app:latest"), format!("{host}/team/app@sha256:abc")];
        let placed = placed(names.iter().map(String::as_str), &Elsewhere::default()).unwrap();
        assert_eq!(
            (placed.key.to_string().as_str(), placed.arn.as_str()),
            (
                "111122223333/eu-west-1/AWS::ECR::ContainerImage/team/app@sha256:abc",
                "arn:aws:ecr:eu-west-1:111122223333:repository/team/app/sha256:abc"
            )
        );
    }

    #[test]
    fn another_image_belongs_to_the_account_that_is_named() {
        let nowhere = placed(["nginx:1.27"].into_iter(), &Elsewhere::default());
        assert!(matches!(nowhere, Err(Refusal::Wrong(why)) if why.contains("--account")));
        let account = AccountId::new("111122223333").ok();
        let here = placed(["nginx:1.27"].into_iter(), &Elsewhere { account, region: None }).unwrap();
        assert_eq!(here.key.to_string(), "111122223333/global/Software::Artifact/nginx:1.27");
    }
}
