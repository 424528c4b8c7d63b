//! What policies mean, told by examples.

#[cfg(test)]
mod corpora;
#[cfg(test)]
mod denies;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod identities;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod model;
#[cfg(test)]
mod outsiders;
#[cfg(test)]
mod public;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod support;
#[cfg(test)]
mod trust;
