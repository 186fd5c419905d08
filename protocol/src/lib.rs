//! Wire types between the station server, its agents and its screens
