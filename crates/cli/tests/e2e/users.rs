//! Who may sign in at the console, told and changed at the machine.
#![cfg(unix)]

use serde_json::{Value, json};

use crate::frameworks::{Place, says};
use crate::serve_live::serve;

/// A way back in for the only administrator, who forgot the password.
#[test]
fn who_is_locked_out_gets_a_new_password_at_the_machine() {
    let place = Place::new();
    place.scan(&["--rules", "restricted-ssh"]);
    let serving = serve(&place, "", 3);
    let who = serving.administrator();
    let token =
        json!({ "Name": "ci", "Permission": "read", "Days": 1, "Password": "correct horse battery staple" });
    let token = serving.call("POST", "/api/tokens", &who, &token.to_string()).body["Secret"].clone();
    let program = format!("authorization: Bearer {}\r\n", token.as_str().unwrap());
    assert_eq!(serving.call("GET", "/api/session", &program, "").status, 200);
    says(&place.run(&["users", "list"]), 0, &["hanako: administrator"]);
    says(&place.run(&["users", "reset", "taro"]), 2, &["there is no user `taro`", "`yagura users list`"]);
    let reset = place.run(&["users", "reset", "hanako"]);
    says(&reset, 0, &["shown once"]);
    assert_eq!(serving.call("GET", "/api/session", &who, "").status, 401, "the session is over");
    assert_eq!(
        serving.call("GET", "/api/session", &program, "").status,
        401,
        "whoever had it made tokens, too"
    );
    let signs_in = |name: &str, password: &str| {
        let body = json!({ "Name": name, "Password": password }).to_string();
        serving.call("POST", "/api/session", "", &body)
    };
    assert_eq!(signs_in("hanako", "correct horse battery staple").status, 401);
    // What was shown at the machine opens nothing but the change of it.
    let given = reset.out.lines().last().unwrap();
    let signed = signs_in("hanako", given);
    assert_eq!((signed.status, &signed.body["PasswordChangeNeeded"]), (200, &json!(true)), "{signed:?}");
    let who = signed.session();
    assert_eq!(serving.call("GET", "/api/session", &who, "").status, 200);
    let refused = serving.call("GET", "/api/audit-log", &who, "");
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("password-change-needed")));
    let own = json!({ "Password": given, "NewPassword": "another horse, another staple" }).to_string();
    assert_eq!(serving.call("POST", "/api/session/password", &who, &own).status, 204);
    let signed = signs_in("hanako", "another horse, another staple");
    assert_eq!((signed.status, &signed.body["PasswordChangeNeeded"]), (200, &json!(false)), "{signed:?}");
    let added = place.run(&["users", "add-administrator", "jiro"]);
    says(&added, 0, &["jiro signs in with this password"]);
    assert_eq!(signs_in("jiro", added.out.lines().last().unwrap()).status, 200);
    says(&place.run(&["users", "add-administrator", "jiro"]), 2, &["there is a user `jiro` already"]);
    says(&place.run(&["users", "add-administrator", "at the machine"]), 2, &["a name has 1 to 100 letters"]);
    let listed = place.run(&["users", "list", "--output", "json"]).json();
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
    let log = serving.call("GET", "/api/audit-log?limit=50", &signed.session(), "").body;
    let entries = log["Entries"].as_array().unwrap_or_else(|| panic!("{log}"));
    let done: Vec<_> = entries.iter().filter(|it| it["Who"] == "at the machine").collect();
    let told: Vec<_> =
        done.iter().map(|it| (&it["Action"], &it["What"], it["Status"].as_u64().unwrap())).collect();
    let [reset, add] = ["yagura users reset", "yagura users add-administrator"].map(Value::from);
    let [hanako, jiro, spaced] = ["user `hanako`", "user `jiro`", "user `at the machine`"].map(Value::from);
    assert_eq!(told, [(&add, &spaced, 400), (&add, &jiro, 409), (&add, &jiro, 204), (&reset, &hanako, 204)]);
}
