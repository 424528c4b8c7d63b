mod examples;
mod failures;
mod fake;
mod places;
