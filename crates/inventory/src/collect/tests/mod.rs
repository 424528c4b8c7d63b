mod examples;
mod failures;
mod fake;
mod families;
mod places;
mod shipped;
