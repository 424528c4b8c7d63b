//! Users, their sessions and tokens, and the audit log.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use yagura_model::{Permission, Role, SavedView, User};
use yagura_store::{
    Admission, AdmitError, AuditFilter, Credentials, Deed, Identity, NewToken, Store, UserError, ViewSaved,
};

use crate::files::{FORMATS, execute};
use crate::fixtures::*;

fn user(name: &str, role: Role) -> User {
    User::new(name.to_owned(), role, day(1))
}

fn password() -> Credentials {
    Credentials { password: Some("$argon2id$...".to_owned()), ..Credentials::default() }
}

/// A store in which Hanako administers and Taro looks.
async fn peopled() -> Store {
    let store = Store::in_memory().await.unwrap();
    store.add_user(&user("hanako", Role::Administrator), &password(), true).await.unwrap();
    store.add_user(&user("taro", Role::Viewer), &password(), false).await.unwrap();
    store
}

async fn change(store: &Store, to: &User) -> Result<User, UserError> {
    store.change_user(&to.name, None, None, |_| Ok(to.clone())).await
}

#[tokio::test]
async fn the_first_user_is_made_once_and_names_differ_by_more_than_case() {
    let store = Store::in_memory().await.unwrap();
    assert!(!store.has_users().await.unwrap());
    store.add_user(&user("hanako", Role::Administrator), &password(), true).await.unwrap();
    assert!(store.has_users().await.unwrap());
    let second = store.add_user(&user("mallory", Role::Administrator), &password(), true).await;
    assert!(matches!(second, Err(UserError::SetUp)));
    let taken = store.add_user(&user("Hanako", Role::Viewer), &password(), false).await.unwrap_err();
    assert_eq!(taken.to_string(), "there is a user `Hanako` already");
    let (found, credentials) = store.user("HANAKO").await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), credentials), ("hanako", password()));
}

#[tokio::test]
async fn somebody_always_administers() {
    let store = peopled().await;
    let hanako = user("hanako", Role::Administrator);
    let only = "`hanako` is the only administrator who may sign in: make somebody else one first";
    let demoted = User { role: Role::Approver, ..hanako.clone() };
    assert_eq!(change(&store, &demoted).await.unwrap_err().to_string(), only);
    let disabled = User { is_disabled: true, ..hanako };
    assert_eq!(change(&store, &disabled).await.unwrap_err().to_string(), only);
    assert_eq!(store.remove_user("hanako", None).await.unwrap_err().to_string(), only);
    change(&store, &user("taro", Role::Administrator)).await.unwrap();
    store.remove_user("hanako", None).await.unwrap();
    let names: Vec<String> = store.users().await.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["taro"]);
    assert!(matches!(store.remove_user("hanako", None).await, Err(UserError::Unknown(_))));
}

#[tokio::test]
async fn a_session_ends_by_itself_when_it_is_not_used_and_when_its_user_is_stopped() {
    let store = peopled().await;
    let of = async |digest: [u8; 32], at| {
        store.session(&digest, at, at - 12.hours()).await.unwrap().map(|it| it.user.name)
    };
    for digest in [[1; 32], [2; 32]] {
        assert!(store.begin_session(&digest, "taro", day(1), day(8)).await.unwrap());
    }
    assert!(!store.begin_session(&[3; 32], "nobody", day(1), day(8)).await.unwrap());
    assert_eq!(of([1; 32], day(1) + 11.hours()).await.as_deref(), Some("taro"));
    // Used at eleven, so it lives until eleven at night; the other one was not.
    assert_eq!(of([1; 32], day(1) + 22.hours()).await.as_deref(), Some("taro"));
    assert_eq!(of([2; 32], day(1) + 22.hours()).await, None);
    assert_eq!(of([1; 32], day(8)).await, None, "its time is over");
    store.begin_session(&[4; 32], "taro", day(2), day(9)).await.unwrap();
    change(&store, &User { is_disabled: true, ..user("taro", Role::Viewer) }).await.unwrap();
    assert_eq!(of([4; 32], day(2)).await, None);
    assert!(!store.begin_session(&[5; 32], "taro", day(2), day(9)).await.unwrap());
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere() {
    let store = peopled().await;
    store.begin_session(&[1; 32], "taro", day(1), day(8)).await.unwrap();
    store.set_credentials("taro", &password()).await.unwrap();
    assert_eq!(store.session(&[1; 32], day(1), day(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_knows_that_its_password_was_given() {
    let store = peopled().await;
    let given = Credentials { is_given: true, ..password() };
    let of = async |digest: [u8; 32]| {
        store.begin_session(&digest, "taro", day(1), day(8)).await.unwrap();
        store.session(&digest, day(1), day(1)).await.unwrap().unwrap().has_given_password
    };
    assert!(!of([1; 32]).await);
    store.set_credentials("taro", &given).await.unwrap();
    assert!(of([2; 32]).await);
    assert_eq!(store.user("taro").await.unwrap().unwrap().1, given);
    store.set_credentials("taro", &password()).await.unwrap();
    assert!(!of([3; 32]).await);
    store.change_user("taro", None, Some(&given), Ok::<_, UserError>).await.unwrap();
    assert!(of([4; 32]).await);
    store.add_user(&user("jiro", Role::Viewer), &given, false).await.unwrap();
    assert!(store.user("jiro").await.unwrap().unwrap().1.is_given);
}

#[tokio::test]
async fn a_token_is_its_owners_until_it_ends() {
    let store = peopled().await;
    let new = NewToken {
        digest: &[7; 32],
        owner: "taro",
        name: "ci",
        permission: Permission::Read,
        created_at: day(1),
        expires_at: day(31),
    };
    let id = store.add_token(&new).await.unwrap();
    let (token, owner) = store.token(&[7; 32], day(2)).await.unwrap().unwrap();
    assert_eq!((token.id, token.name.as_str(), owner.name.as_str()), (id, "ci", "taro"));
    assert_eq!(store.tokens(Some("taro")).await.unwrap()[0].used_at, Some(day(2)));
    assert!(store.token(&[7; 32], day(31)).await.unwrap().is_none());
    assert!(!store.remove_token(id, Some("hanako")).await.unwrap(), "it is not hers");
    assert!(store.remove_token(id, Some("taro")).await.unwrap());
    assert!(store.tokens(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn everybody_who_is_in_is_looked_at_at_once_and_not_kept_in_by_that() {
    let store = peopled().await;
    store.begin_session(&[1; 32], "taro", day(1), day(8)).await.unwrap();
    store.begin_session(&[2; 32], "hanako", day(1), day(2)).await.unwrap();
    let digest = [7; 32];
    let new = NewToken {
        digest: &digest,
        owner: "taro",
        name: "ci",
        permission: Permission::Read,
        created_at: day(1),
        expires_at: day(31),
    };
    store.add_token(&new).await.unwrap();
    let seen = async |at: yagura_model::Timestamp| {
        let all = store.who_is_in(at, at - 12.hours()).await.unwrap();
        let mut told: Vec<_> =
            all.into_iter().map(|(key, it)| (key[0], it.user.name, it.permission)).collect();
        told.sort();
        told
    };
    let [taro, hanako] = ["taro", "hanako"].map(str::to_owned);
    let token = (7, taro.clone(), Some(Permission::Read));
    assert_eq!(seen(day(1) + 11.hours()).await, [(1, taro.clone(), None), (2, hanako, None), token.clone()]);
    assert_eq!(seen(day(1) + 13.hours()).await, [token], "nobody used the sessions meanwhile");
    assert_eq!(store.tokens(None).await.unwrap()[0].used_at, None);
    change(&store, &User { is_disabled: true, ..user("taro", Role::Viewer) }).await.unwrap();
    assert_eq!(seen(day(1)).await.len(), 1);
}

#[tokio::test]
async fn a_code_of_an_authenticator_is_taken_once() {
    let store = peopled().await;
    assert!(store.use_totp_step("taro", 100).await.unwrap());
    assert!(!store.use_totp_step("taro", 100).await.unwrap());
    assert!(!store.use_totp_step("taro", 99).await.unwrap());
    assert!(store.use_totp_step("taro", 101).await.unwrap());
}

#[tokio::test]
async fn a_deed_stands_in_the_log_before_it_is_done() {
    let store = peopled().await;
    let deed = |what| Deed { at: day(1), who: "taro", address: "127.0.0.1", action: "POST /x", what };
    let first = store.begin_deed(&deed("a")).await.unwrap();
    store.begin_deed(&deed("b")).await.unwrap();
    store.end_deed(first, 403, (None, Some("a, which is not allowed"))).await.unwrap();
    let log = store.audit_log(&AuditFilter { limit: 10, ..AuditFilter::default() }).await.unwrap();
    let told: Vec<_> = log.iter().map(|it| (it.what.as_str(), it.status)).collect();
    assert_eq!(told, [("b", None), ("a, which is not allowed", Some(403))]);
    let older = AuditFilter { before: Some(log[0].id), limit: 10, who: Some("taro".to_owned()) };
    assert_eq!(store.audit_log(&older).await.unwrap().len(), 1);
}

fn view(owner: &str, name: &str, shared: bool) -> SavedView {
    let (id, page, query) = (0, "findings".to_owned(), "severity=HIGH".to_owned());
    SavedView { id, owner: owner.to_owned(), name: name.to_owned(), page, query, shared }
}

#[tokio::test]
async fn a_view_is_its_owners_until_it_is_shared() {
    let store = peopled().await;
    let saved = store.save_view(&view("hanako", "mine", false)).await.unwrap();
    let ViewSaved::Saved(number) = saved else { panic!("{saved:?}") };
    store.save_view(&view("taro", "ours", true)).await.unwrap();
    let names = async |user| -> Vec<String> {
        store.views(user).await.unwrap().into_iter().map(|it| it.name).collect()
    };
    assert_eq!(names("hanako").await, ["mine", "ours"]);
    assert_eq!(names("taro").await, ["ours"]);
    assert!(!store.remove_view(number, Some("taro")).await.unwrap());
    let again = SavedView { query: "severity=LOW".to_owned(), ..view("hanako", "mine", false) };
    assert_eq!(store.save_view(&again).await.unwrap(), ViewSaved::Saved(number));
    assert_eq!(store.views("hanako").await.unwrap()[0].query, "severity=LOW");
    change(&store, &user("taro", Role::Administrator)).await.unwrap();
    store.remove_user("hanako", None).await.unwrap();
    assert_eq!(names("taro").await, ["ours"]);
}

#[tokio::test]
async fn places_are_known_for_a_while_and_go_with_their_user() {
    let store = peopled().await;
    store.note_place("taro", "192.0.2.1", day(1)).await.unwrap();
    assert!(store.knows_place("TARO", "192.0.2.1", day(2)).await.unwrap());
    for (name, place) in [("taro", "192.0.2.2"), ("hanako", "192.0.2.1"), ("nobody", "192.0.2.1")] {
        assert!(!store.knows_place(name, place, day(2)).await.unwrap(), "{name} {place}");
    }
    let later = day(1) + (91 * 24).hours();
    assert!(!store.knows_place("taro", "192.0.2.1", later).await.unwrap(), "that is too long ago");
    for n in 0..60 {
        store.note_place("taro", &format!("198.51.100.{n}"), day(2) + n.seconds()).await.unwrap();
    }
    let mut known = Vec::new();
    for n in 0..60 {
        known.push(store.knows_place("taro", &format!("198.51.100.{n}"), day(3)).await.unwrap());
    }
    assert_eq!(known.iter().filter(|it| **it).count(), 50);
    assert!(known[59] && !known[9], "the newest are kept");
    store.remove_user("taro", None).await.unwrap();
    store.add_user(&user("taro", Role::Viewer), &password(), false).await.unwrap();
    assert!(!store.knows_place("taro", "198.51.100.59", day(3)).await.unwrap(), "that was somebody else");
}

fn as_viewer(names: &[String]) -> Admission<'_> {
    Admission { names, role: Role::Viewer, projects: BTreeSet::new() }
}

fn identity(subject: &str) -> Identity<'_> {
    Identity { issuer: "https://id.example", subject }
}

#[tokio::test]
async fn who_comes_from_elsewhere_never_becomes_somebody_who_is_here() {
    let store = peopled().await;
    let names = ["hanako".to_owned(), "hanako@example.com".to_owned()];
    let added = store.admit(identity("1"), &as_viewer(&names), day(2)).await.unwrap();
    assert_eq!((added.name.as_str(), added.is_external), ("hanako@example.com", true));
    let taken = store.admit(identity("2"), &as_viewer(&names), day(2)).await.unwrap_err();
    assert!(matches!(taken, AdmitError::Taken(_)), "{taken}");
    // The name that they have is theirs, whatever they are called now; another provider's `1` is somebody else.
    let renamed = ["mallory".to_owned()];
    let again = store.admit(identity("1"), &as_viewer(&renamed), day(3)).await.unwrap();
    assert_eq!((again.name, again.created_at), ("hanako@example.com".to_owned(), day(2)));
    let other = Identity { issuer: "https://other.example", subject: "1" };
    assert_eq!(store.admit(other, &as_viewer(&renamed), day(3)).await.unwrap().name, "mallory");
    let refused = store.set_credentials("mallory", &password()).await.unwrap_err();
    assert!(matches!(refused, UserError::External(_)), "{refused}");
    let (hanako, credentials) = store.user("hanako").await.unwrap().unwrap();
    assert_eq!((hanako.role, hanako.is_external, credentials), (Role::Administrator, false, password()));
}

#[tokio::test]
async fn what_somebody_is_follows_their_groups_and_ends_with_them() {
    let store = peopled().await;
    let names = ["jiro".to_owned()];
    let as_member =
        Admission { names: &names, role: Role::ProjectMember, projects: BTreeSet::from(["shop".to_owned()]) };
    store.admit(identity("1"), &as_member, day(1)).await.unwrap();
    assert!(store.begin_session(&[7; 32], "jiro", day(1), day(5)).await.unwrap());
    store.admit(identity("1"), &as_viewer(&names), day(2)).await.unwrap();
    let seen = store.session(&[7; 32], day(2), day(1)).await.unwrap().unwrap().user;
    assert_eq!((seen.role, seen.projects.len()), (Role::Viewer, 0));
    assert_eq!(store.shut_out(identity("1")).await.unwrap().as_deref(), Some("jiro"));
    assert!(store.session(&[7; 32], day(2), day(1)).await.unwrap().is_none());
    let (jiro, _) = store.user("jiro").await.unwrap().unwrap();
    change(&store, &User { is_disabled: true, ..jiro }).await.unwrap();
    let disabled = store.admit(identity("1"), &as_viewer(&names), day(3)).await.unwrap_err();
    assert!(matches!(disabled, AdmitError::Disabled(_)), "{disabled}");
}

#[tokio::test]
async fn an_identity_provider_takes_the_last_administrator_from_nobody() {
    let store = Store::in_memory().await.unwrap();
    let names = ["jiro".to_owned()];
    let first = store.admit(identity("1"), &as_viewer(&names), day(1)).await.unwrap_err();
    assert!(matches!(first, AdmitError::NotSetUp), "{first}");
    assert!(!store.has_users().await.unwrap());
    let administers = Admission { role: Role::Administrator, ..as_viewer(&names) };
    store.admit(identity("1"), &administers, day(1)).await.unwrap();
    let last = store.admit(identity("1"), &as_viewer(&names), day(2)).await.unwrap_err();
    assert!(matches!(last, AdmitError::LastAdministrator(_)), "{last}");
}

/// What a provider says is known when somebody comes, and not before.
#[tokio::test]
async fn who_is_let_in_no_longer_is_no_administrator_who_could_do_anything() {
    let store = peopled().await;
    let names = ["jiro".to_owned()];
    let provider = Some(identity("1").issuer);
    let administers = Admission { role: Role::Administrator, ..as_viewer(&names) };
    store.admit(identity("1"), &administers, day(1)).await.unwrap();
    store.shut_out(identity("1")).await.unwrap();
    let last = store.remove_user("hanako", provider).await.unwrap_err();
    assert!(matches!(last, UserError::LastAdministrator(_)), "{last}");
    let demoted = |user: User| Ok::<_, UserError>(User { role: Role::Viewer, ..user });
    assert!(store.change_user("hanako", provider, None, demoted).await.is_err());
    // Let in again, they count; but not where another provider took the place of theirs, or none.
    store.admit(identity("1"), &administers, day(2)).await.unwrap();
    for others in [None, Some("https://other.example")] {
        assert!(store.remove_user("hanako", others).await.is_err(), "{others:?}");
    }
    store.remove_user("hanako", provider).await.unwrap();
    // Nobody is left who could administer: that is told to nobody else who comes.
    store.shut_out(identity("1")).await.unwrap();
    let viewer = ["saki".to_owned()];
    assert_eq!(store.admit(identity("2"), &as_viewer(&viewer), day(3)).await.unwrap().name, "saki");
    assert_eq!(store.admit(identity("1"), &as_viewer(&names), day(3)).await.unwrap().role, Role::Viewer);
}

#[tokio::test]
async fn a_password_that_an_administrator_sets_takes_sessions_and_tokens_away() {
    let store = peopled().await;
    let digest = [7; 32];
    let token = NewToken {
        digest: &digest,
        owner: "taro",
        name: "ci",
        permission: Permission::Read,
        created_at: day(1),
        expires_at: day(20),
    };
    store.add_token(&token).await.unwrap();
    let unchanged = |user: User| Ok::<_, UserError>(user);
    store.change_user("taro", None, None, unchanged).await.unwrap();
    assert!(store.token(&digest, day(2)).await.unwrap().is_some());
    store.change_user("taro", None, Some(&password()), unchanged).await.unwrap();
    assert!(store.token(&digest, day(2)).await.unwrap().is_none());
}

/// Who gave a password is not known of them: nobody is kept from their work by that.
#[tokio::test]
async fn people_of_the_eleventh_format_come_in_as_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let rows = "
        CREATE TABLE store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL);
        INSERT INTO store_version VALUES (11, '0.0.11');
        INSERT INTO users (name, role, projects, password, totp_step, disabled, created_at, issuer, subject) VALUES
            ('hanako', 4, '[]', 'hash', 0, 0, 0, NULL, NULL), ('jiro', 4, '[]', NULL, 0, 0, 0, 'https://id.example', '1');";
    execute(&path, &format!("{}{rows}", FORMATS.concat())).await;

    let store = Store::open(&path).await.unwrap();
    store.begin_session(&[1; 32], "hanako", day(1), day(8)).await.unwrap();
    let session = store.session(&[1; 32], day(1), day(1)).await.unwrap().unwrap();
    assert_eq!((session.user.name.as_str(), session.has_given_password), ("hanako", false));
    store.remove_user("hanako", Some("https://id.example")).await.unwrap();
}
