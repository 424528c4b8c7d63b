//! Rules as their authors and readers see them: loading, selecting, judging, and the rules that come with Yagura.

#[cfg(test)]
mod assessing;
mod broken;
mod explaining;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod frameworks;
mod house;
mod judging;
mod loading;
mod needing;
mod selecting;
#[cfg(test)]
mod trending;
