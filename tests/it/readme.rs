//! The README says what the program does: every `console` block is run.

use crate::environment::Environment;

/// The commands of a block, each with the output shown for it.
fn commands(block: &str) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = vec![];
    for line in block.lines() {
        match (line.strip_prefix("$ lookback "), commands.last_mut()) {
            (Some(arguments), _) => commands.push((arguments, vec![])),
            (None, Some((_, output))) => output.push(line),
            (None, None) => panic!("output before a command: {line}"),
        }
    }
    commands
}

/// Whether the output is as shown; `...` stands for any lines.
fn is_as_shown(shown: &[&str], output: &[&str]) -> bool {
    match shown.split_first() {
        None => output.is_empty(),
        Some((&"...", rest)) => {
            (0..=output.len()).any(|skipped| is_as_shown(rest, &output[skipped..]))
        }
        Some((line, rest)) => output
            .split_first()
            .is_some_and(|(first, after)| first == line && is_as_shown(rest, after)),
    }
}

#[test]
fn every_example_prints_what_the_readme_shows() {
    let readme = include_str!("../../README.md");
    let environment = Environment::new();
    let blocks = readme.split("```console\n").skip(1);
    let mut checked = 0;
    for block in blocks.filter_map(|block| block.split("```").next()) {
        for (arguments, shown) in commands(block) {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            let run = environment.run(&arguments);
            let printed = format!("{}{}", run.stdout, run.stderr);
            let output: Vec<&str> = printed.lines().collect();
            assert!(
                is_as_shown(&shown, &output),
                "lookback {} prints:\n{printed}",
                arguments.join(" ")
            );
            checked += 1;
        }
    }
    assert!(checked >= 6, "the README shows examples");
}
