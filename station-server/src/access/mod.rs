//! Who may do what: roles, permissions, bearer tokens, sessions, enrolment.

mod gate;
mod permission;
mod pin;
mod store;
mod throttle;

pub(crate) use gate::{
    DEVICE_COOKIE, SESSION_COOKIE, bearer, cookie, device_cookie, encode, same_origin, wants_page,
};
pub use gate::{admit, principal_of};
pub use permission::{Permission, Principal, Role};
pub use pin::{PinError, PinGuard, hash_pin};
pub use store::{AccessError, AccessStore, Credential, StaffMember};
pub use throttle::Throttle;
