//! Who may do what: roles, permissions, bearer tokens, sessions, enrolment.

mod attempts;
mod gate;
mod origin;
mod permission;
mod pin;
mod store;
mod throttle;

pub use attempts::{Attempts, Paused};
pub(crate) use gate::{
    DEVICE_COOKIE, SESSION_COOKIE, bearer, cookie, device_cookie, encode, same_origin, wants_page,
};
pub use gate::{admit, principal_of};
pub use origin::{Origin, Peer};
pub use permission::{Permission, Principal, Role};
pub use pin::{PinError, PinGuard, hash_pin};
pub use store::{AccessError, AccessStore, Credential, EnrolledDevice, FILE_NAME, StaffMember};
pub use throttle::Throttle;
