//! Proof of who sits there, for what nobody gets with a session alone: it may be stolen.

use jiff::SignedDuration;
use yagura_model::User;
use yagura_store::Credentials;

use super::{Attempt, Caller, step_of, verify};
use crate::app::App;
use crate::problem::Problem;

/// Who has no password here proves who they are by signing in, and that holds for so long.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Whoever sends this is who signed in: by their password, and the code of their authenticator where they have one; or, where an identity provider says who
/// they are, by having signed in just now.
///
/// # Errors
///
/// [`Problem`] when it is not shown, or was tried too often.
pub(crate) async fn prove(
    app: &App,
    caller: &Caller,
    password: Option<String>,
    code: Option<&str>,
) -> Result<(), Problem> {
    if caller.user().is_external {
        let is_fresh = |it| app.now().duration_since(it) < FRESH;
        return if caller.began_at().is_some_and(is_fresh) { Ok(()) } else { Err(Problem::sign_in_again()) };
    }
    let password = password.ok_or_else(|| Problem::bad_request("this takes `Password`, your present one"))?;
    tried(app, caller, async {
        let (user, credentials) = known(app, caller, password).await?;
        let Some(totp) = &credentials.totp else { return Ok(()) };
        let step = code.and_then(|it| step_of(totp, it, app.now()));
        match step {
            Some(step) if app.store.use_totp_step(&user.name, step).await? => Ok(()),
            _ => Err(wrong()),
        }
    })
    .await
}

/// The caller's credentials, when the password is theirs.
///
/// # Errors
///
/// [`Problem`] when it is not, or was tried too often.
pub(crate) async fn confirmed(app: &App, caller: &Caller, password: String) -> Result<Credentials, Problem> {
    tried(app, caller, async { Ok(known(app, caller, password).await?.1) }).await
}

/// Counts what is tried: who has somebody's session guesses from wherever they are.
async fn tried<T>(
    app: &App,
    caller: &Caller,
    checked: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let name = &caller.user().name;
    let attempt = Attempt::new(name, &format!("a session of {name}"));
    let begun = app.limiter.begin(&attempt, true, app.now());
    begun.map_err(|wait| Problem::too_many(wait.seconds()))?;
    let done = checked.await;
    match &done {
        Ok(_) => app.limiter.succeeded(&attempt),
        // While the store fails, nobody learns whether they were right.
        Err(problem) if problem.status >= 500 => app.limiter.take_back(&attempt),
        Err(_) => {}
    }
    done
}

async fn known(app: &App, caller: &Caller, password: String) -> Result<(User, Credentials), Problem> {
    let known = app.store.user(&caller.user().name).await?;
    let Some((user, credentials)) = known else { return Err(Problem::not_found("user")) };
    if verify(app, password, credentials.password.clone()).await {
        Ok((user, credentials))
    } else {
        Err(wrong())
    }
}

/// Password and code are told apart for nobody.
fn wrong() -> Problem {
    Problem::wrong_password(
        "the present password, or the authenticator's code, is wrong; each code works once",
    )
}
