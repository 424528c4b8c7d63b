//! Rules as their authors and readers see them: loading, selecting, judging, and the rules that come with Yagura.

mod house;
