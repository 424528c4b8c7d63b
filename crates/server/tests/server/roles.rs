//! Who may use which route.

use axum::http::{Method, StatusCode};
use serde_json::json;
use yagura_model::{Permission, Role};
use yagura_server::{Access, Members, RouteInfo, RouteSort};

use crate::fixtures::*;

fn line(it: &RouteInfo) -> String {
    let who = match it.access {
        Access::Anybody => "anybody".to_owned(),
        Access::SignedIn => "signed in".to_owned(),
        Access::With(permission, Members::OwnProjects) => format!("{permission}, members of their projects"),
        Access::With(permission, Members::Nothing) => permission.to_string(),
        Access::InPerson(permission, Members::OwnProjects) => {
            format!("{permission}, in person, members of their projects")
        }
        Access::InPerson(permission, Members::Nothing) => format!("{permission}, in person"),
    };
    let besides = match it.sort {
        RouteSort::Usual => "",
        RouteSort::SignIn => "; signs in",
        RouteSort::Threshold => "; also before a given password is changed",
    };
    format!("{} {}: {who}{besides}", it.method, it.path)
}

/// A new route changes this; whoever adds one says here who may use it.
#[tokio::test]
async fn every_route_says_who_may_use_it() {
    let yagura = Yagura::empty().await;
    let lines: Vec<String> = yagura.server.route_list().iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// What somebody may, by the rules and nothing else.
fn may(access: Access, role: Option<(Role, Permission)>, is_program: bool) -> Result<(), u16> {
    match (access, role) {
        (Access::InPerson(..), Some(_)) if is_program => Err(403),
        (Access::InPerson(permission, members), _) => {
            may(Access::With(permission, members), role, is_program)
        }
        (Access::Anybody, _) | (Access::SignedIn, Some(_)) => Ok(()),
        (_, None) => Err(401),
        (Access::With(permission, members), Some((role, has))) => {
            let is_refused = members == Members::Nothing && role == Role::ProjectMember;
            if has < permission || is_refused { Err(403) } else { Ok(()) }
        }
    }
}

#[tokio::test]
async fn every_role_gets_just_the_routes_that_are_its() {
    let yagura = Yagura::peopled().await;
    // Whoever reads a stream to its end waits until the server stops.
    yagura.server.end_streams();
    let mut callers = vec![("nobody".to_owned(), None, Signed::default())];
    for role in Role::ALL {
        callers.push((role.to_string(), Some((role, role.permission())), yagura.sign_in(role).await));
    }
    let program = yagura.token(Role::Administrator, "read").await;
    callers.push(("a token that reads".to_owned(), Some((Role::Administrator, Permission::Read)), program));
    let program = yagura.token(Role::Administrator, "administer").await;
    let administers = Some((Role::Administrator, Permission::Administer));
    callers.push(("a token that administers".to_owned(), administers, program));
    for route in yagura.server.route_list() {
        // Its own test signs out; here everybody stays.
        if route.path == "/api/session" && route.method == Method::DELETE {
            continue;
        }
        let path = route.path.replace("{id}", "0").replace("{name}", "nobody-of-this-name");
        for (name, role, who) in &callers {
            let answer = yagura.call(route.method.clone(), &path, who, None).await;
            let status = answer.status.as_u16();
            match may(route.access, *role, !who.token.is_empty()) {
                Ok(()) => {
                    assert!(!matches!(status, 401 | 403), "{} as {name}: {}", line(&route), answer.text);
                    assert!(status < 500, "{} as {name}: {}", line(&route), answer.text);
                }
                Err(refused) => assert_eq!(status, refused, "{} as {name}: {}", line(&route), answer.text),
            }
        }
    }
}

#[tokio::test]
async fn who_was_given_a_password_gets_to_change_it_and_nowhere_else() {
    let yagura = Yagura::peopled().await;
    let administrator = yagura.sign_in(Role::Administrator).await;
    let add = json!({ "Name": "hanako", "Role": "administrator", "Password": PASSWORD });
    assert_eq!(yagura.post("/api/users", &administrator, add).await.status, StatusCode::CREATED);
    let signed = yagura.try_sign_in("hanako", PASSWORD).await;
    assert_eq!(signed.json()["PasswordChangeNeeded"], true);
    let who = Signed::of(&signed);
    for route in yagura.server.route_list() {
        // That comes last.
        if route.path == "/api/session" && route.method == Method::DELETE {
            continue;
        }
        let path = route.path.replace("{id}", "0").replace("{name}", "nobody-of-this-name");
        let answer = yagura.call(route.method.clone(), &path, &who, None).await;
        let is_refused =
            answer.status == StatusCode::FORBIDDEN && answer.json()["code"] == "password-change-needed";
        let is_open = route.access == Access::Anybody || route.sort == RouteSort::Threshold;
        assert_eq!(is_refused, !is_open, "{}: {}", line(&route), answer.text);
    }
    let done = yagura.call(Method::DELETE, "/api/session", &who, None).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
}
