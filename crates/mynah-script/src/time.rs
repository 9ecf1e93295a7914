/// The clock that a script's budget is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Time {
    /// Real time, as it passes.
    #[default]
    Real,
    /// A count of the script's work: 200 ns for each instruction of the JavaScript engine. It gives the same
    /// result on every machine, however busy it is; for tests.
    Work,
}
