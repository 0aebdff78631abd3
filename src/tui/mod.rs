//! placeholder
/// Start
#[derive(Debug)]
pub struct Start {
    /// o
    pub opening: crate::workbench::Opening,
}
/// run
pub fn run(_: Start) -> Result<(), std::io::Error> {
    Ok(())
}
