//! Outputs appear whole or not at all, and never over what is not ours.

use crate::behaviour::folder::{Folder, contents, copy_study, repository, said};
use crate::behaviour::outputs::{is_whole, is_whole_beside, record};
use crate::program::{Scratch, run};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_foreign_folder_is_refused_and_untouched() {
    let study = Folder::new("foreign");
    let cases: [&[(&str, &str)]; 4] = [
        &[("thesis.docx", "three years of work")],
        &[("emissions.csv", "somebody's own table")],
        &[("below/run.json", "{}")],
        &[(".hidden", "")],
    ];
    for files in cases {
        let place = Scratch::new("foreign-out");
        for (name, text) in files {
            let path = place.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let before = contents(place.path());
        let output = run(&["run", &study.path(), "--lang", "en", "--out", &place.path().to_string_lossy()]);
        assert_eq!(output.status.code(), Some(2), "{files:?}: {}", said(&output));
        assert!(said(&output).contains("not overwritten"), "{}", said(&output));
        assert!(contents(place.path()) == before, "{files:?} were touched");
    }
}

#[test]
fn a_file_in_the_way_is_refused_and_untouched() {
    let (study, place) = (Folder::new("in-the-way"), Scratch::new("in-the-way-out"));
    let file = place.path().join("report");
    std::fs::write(&file, "mine").expect("a file");
    let output = run(&["run", &study.path(), "--lang", "en", "--out", &file.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "mine");
}

#[test]
fn empty_new_and_own_folders_are_filled() {
    let (study, place) = (Folder::new("filled"), Scratch::new("filled-out"));
    let empty = place.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    for target in [&empty, &empty, &place.path().join("deep/new")] {
        let output = run(&["run", &study.path(), "--lang", "en", "--out", &target.to_string_lossy()]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
        is_whole(target);
    }
    let beside: Vec<_> =
        std::fs::read_dir(place.path()).expect("the place").map(|entry| entry.expect("an entry").file_name()).collect();
    assert!(beside.iter().all(|name| name == "empty" || name == "deep"), "something is left beside: {beside:?}");
}

#[test]
fn a_study_with_faults_leaves_the_old_output() {
    let study = Folder::new("old-output");
    study.run();
    let before = contents(&study.out());
    study.replace("activity/energy.csv", "raw_coal", "raw_cola");
    let output = run(&["run", &study.path(), "--lang", "en"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(contents(&study.out()) == before, "the old output was touched");
}

/// Two studies that write to one place, so that what lies there tells which run it is of.
struct Rivals {
    scratch: Scratch,
    studies: [PathBuf; 2],
}

impl Rivals {
    fn new() -> Self {
        let scratch = Scratch::new("rivals");
        let studies = ["long", "short"].map(|name| scratch.path().join(name));
        for study in &studies {
            copy_study(Path::new(&repository("scenarios/dazu")), study);
            // The race is about folders; without projections more of it fits into the same time.
            for file in ["scenarios.toml", "measures.toml"] {
                std::fs::remove_file(study.join(file)).expect("a file of the study");
            }
        }
        let settings = studies[1].join("study.toml");
        let text = std::fs::read_to_string(&settings).expect("the settings");
        assert!(text.contains("2015-2024"), "{text}");
        std::fs::write(&settings, text.replace("2015-2024", "2015-2016")).expect("the settings");
        Self { scratch, studies }
    }

    fn out(&self) -> PathBuf {
        self.scratch.path().join("out")
    }

    fn start(&self, study: &Path) -> Child {
        let mut command = crate::behaviour::program();
        command.arg("run").arg(study).arg("--out").arg(self.out());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    }

    /// The study that did not write what lies at the place.
    fn other(&self) -> &Path {
        let years = record(&self.out())["years"].as_array().map_or(0, Vec::len);
        if years == 2 { &self.studies[0] } else { &self.studies[1] }
    }

    /// What lies beside the output.
    fn beside(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.scratch.path()).expect("the place");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().to_string());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Whether a new output stands beside the old one, whole or in part.
    fn is_writing(&self, child: &Child) -> bool {
        self.scratch.path().join(format!(".out.new-{}", child.id())).exists()
    }
}

#[test]
fn a_run_that_is_killed_leaves_one_whole_output() {
    kills(21);
}

#[test]
fn runs_into_one_folder_at_the_same_time_leave_one_whole_output() {
    at_once(1);
}

/// The whole of what was promised: `cargo test --test it behaviour -- --ignored`.
#[test]
#[ignore = "200 kills and 25 times three runs take a quarter of an hour"]
fn two_hundred_kills_and_seventy_five_runs_at_once_leave_one_whole_output() {
    kills(200);
    at_once(25);
}

/// Half of the kills fall anywhere in a run, half into the writing of its output.
fn kills(count: u32) {
    let rivals = Rivals::new();
    let begun = Instant::now();
    rivals.start(&rivals.studies[0]).wait().expect("it ends");
    let whole = begun.elapsed();
    is_whole(&rivals.out());
    const OWN: [&str; 2] = ["notes.docx", "charts/archive/old.png"];
    std::fs::create_dir_all(rivals.out().join("charts/archive")).expect("a folder");
    OWN.iter().for_each(|name| std::fs::write(rivals.out().join(name), "mine").expect("a file"));
    for turn in 0..count {
        let mut child = rivals.start(rivals.other());
        if turn % 2 == 0 {
            std::thread::sleep(whole * turn / count);
        } else {
            while !rivals.is_writing(&child) && child.try_wait().expect("a status").is_none() {
                std::thread::yield_now();
            }
            std::thread::sleep(Duration::from_micros(25 << (turn / 2 % 8)));
        }
        end(&mut child);
        is_whole_beside(&rivals.out(), &OWN);
    }
    let next = rivals.other().to_path_buf();
    let status = rivals.start(&next).wait().expect("it ends");
    assert_ne!(status.code(), Some(2), "a later run is not hindered by what the killed ones left");
    is_whole_beside(&rivals.out(), &OWN);
    assert_ne!(rivals.other(), next, "the later run's output is in place");
    assert_eq!(rivals.beside(), ["long", "out", "short"], "a later run removes what the killed ones left");
}

fn at_once(rounds: u32) {
    let rivals = Rivals::new();
    for round in 0..rounds {
        let started = [0, 1, round as usize % 2].map(|study| rivals.start(&rivals.studies[study]));
        for mut child in started {
            let status = child.wait().expect("it ends");
            assert!(matches!(status.code(), Some(0 | 1)), "round {round}: {status}");
        }
        is_whole(&rivals.out());
        assert_eq!(rivals.beside(), ["long", "out", "short"], "round {round}");
    }
}

/// Kills a process of ours; that it may have ended before does not matter.
fn end(child: &mut Child) {
    _ = child.kill();
    _ = child.wait();
}
