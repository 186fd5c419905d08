//! One press into a staff page of the demo, as a member of its staff.

use axum::extract::State;
use axum::response::Response;

use crate::access::{Role, StaffMember};
use crate::app::App;
use crate::demo::PIN_HASH;
use crate::pages::fields::{Fields, see_other};
use crate::pages::login::{local_path, session_cookie, with_cookie};
use crate::problem::ApiProblem;

/// `POST /demo/enter`: `role`, or `staff` for somebody in particular, and `next`, a page of this station.
pub(super) async fn enter(State(app): State<App>, fields: Fields) -> Result<Response, ApiProblem> {
    if app.demo.is_none() {
        return Err(ApiProblem::not_found(
            "not_found",
            "there is nothing at this address",
        ));
    }
    let member = choose(app.access.staff(), &fields)?;
    let session = app
        .access
        .start_session(member, PIN_HASH, None, app.live.now().0)?;
    let next = local_path(fields.get("next").unwrap_or_default());
    with_cookie(see_other(next), &session_cookie(&session))
}

/// The member of staff a form asks for.
fn choose<'a>(staff: &'a [StaffMember], fields: &Fields) -> Result<&'a StaffMember, ApiProblem> {
    let role = fields.get("role").and_then(Role::parse);
    let found = match fields.get("staff") {
        Some(id) => staff.iter().find(|member| member.id.as_str() == id),
        None => staff.iter().find(|member| Some(member.role) == role),
    };
    found.ok_or_else(|| ApiProblem::invalid("the demo has no such member of staff"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use queue_core::StaffId;

    fn staff() -> Vec<StaffMember> {
        [
            ("lin", Role::Counter),
            ("wang", Role::Counter),
            ("zhou", Role::Chief),
        ]
        .map(|(id, role)| StaffMember {
            id: StaffId::new(id).unwrap(),
            name: id.into(),
            role,
            pin_phc: None,
            password_phc: None,
        })
        .into()
    }

    fn chosen(pairs: &[(&str, &str)]) -> Option<String> {
        let staff = staff();
        choose(&staff, &Fields::of(pairs))
            .ok()
            .map(|member| member.id.to_string())
    }

    #[test]
    fn one_enters_by_role_or_as_somebody_in_particular() {
        assert_eq!(chosen(&[("role", "chief")]).as_deref(), Some("zhou"));
        assert_eq!(chosen(&[("role", "counter")]).as_deref(), Some("lin"));
        assert_eq!(
            chosen(&[("role", "counter"), ("staff", "wang")]).as_deref(),
            Some("wang")
        );
    }

    #[test]
    fn nobody_enters_as_a_role_that_no_person_has() {
        for pairs in [
            &[("role", "kiosk")][..],
            &[("role", "boss")],
            &[("staff", "eve")],
            &[],
        ] {
            assert_eq!(chosen(pairs), None, "{pairs:?}");
        }
    }
}
