//! How accounts are read, by example, under random failures and in random orders.

mod examples;
mod failures;
mod fake;
mod families;
mod places;
mod shipped;
