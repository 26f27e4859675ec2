//! Which of the files that a walk finds are left out: `-x`, `-e`, `--exclude`.

use super::Pattern;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::{Path, PathBuf};

/// Why a file is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SkipReason {
    /// `-x` is found in its path.
    Pattern,
    /// `--exclude` matches it.
    Excluded,
    /// It is a link to a file outside of the folder that `-e` names.
    LinkOutside,
}

impl SkipReason {
    /// A word for a report that programs read.
    pub const fn name(self) -> &'static str {
        match self {
            SkipReason::Pattern => "pattern",
            SkipReason::Excluded => "excluded",
            SkipReason::LinkOutside => "link-outside",
        }
    }
}

/// What leaves files out.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pattern: Option<Pattern>,
    excluded: Option<GlobSet>,
    /// With all links resolved.
    link_limit: Option<PathBuf>,
}

impl Filter {
    /// Compiles the patterns; the error is for the person who wrote them.
    ///
    /// The folder that links may lead to is resolved as `pathlib.Path.resolve` does it: as far as it exists.
    pub fn new(pattern: Option<&str>, globs: &[String], link_limit: Option<&Path>) -> Result<Filter, String> {
        let pattern = match pattern {
            Some(text) => Some(Pattern::new(text).map_err(|e| format!("bad regular expression {text:?}: {e}"))?),
            None => None,
        };
        let excluded = if globs.is_empty() { None } else { Some(glob_set(globs)?) };
        Ok(Filter { pattern, excluded, link_limit: link_limit.map(resolve) })
    }

    /// Whether nothing at all is left out, so that no file need be asked about.
    pub fn is_empty(&self) -> bool {
        self.pattern.is_none() && self.excluded.is_none() && self.link_limit.is_none()
    }

    /// Whether a folder that was found below `root` is not entered.
    pub fn excludes_folder(&self, root: &Path, folder: &Path) -> bool {
        self.excluded.as_ref().is_some_and(|globs| matches_glob(globs, root, folder))
    }

    /// Why a file that was found below `root` is left out, if it is.
    pub fn skips(&self, root: &Path, file: &Path) -> Option<SkipReason> {
        if self.pattern.as_ref().is_some_and(|pattern| pattern.is_found_in(file)) {
            return Some(SkipReason::Pattern);
        }
        if self.excluded.as_ref().is_some_and(|globs| matches_glob(globs, root, file)) {
            return Some(SkipReason::Excluded);
        }
        let limit = self.link_limit.as_ref()?;
        let is_link = file.symlink_metadata().is_ok_and(|found| found.is_symlink());
        let is_outside = || !resolve(file).parent().is_some_and(|parent| parent.starts_with(limit));
        (is_link && is_outside()).then_some(SkipReason::LinkOutside)
    }
}

fn glob_set(globs: &[String]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        // A `/` at the end says "a folder", which a glob without it matches as well.
        let trimmed = glob.trim_end_matches('/').trim_start_matches("./");
        let built = GlobBuilder::new(trimmed).literal_separator(true).build();
        set.add(built.map_err(|e| format!("bad glob {glob:?}: {}", e.kind()))?);
    }
    set.build().map_err(|e| format!("bad globs: {e}"))
}

/// A glob may mean the path as it is shown, the path below the argument it was found by, or the bare name.
fn matches_glob(globs: &GlobSet, root: &Path, path: &Path) -> bool {
    let name = path.file_name().is_some_and(|name| globs.is_match(name));
    let below = path.strip_prefix(root).is_ok_and(|below| !below.as_os_str().is_empty() && globs.is_match(below));
    name || below || globs.is_match(path.strip_prefix(".").unwrap_or(path))
}

/// A path without links, as far as it exists.
fn resolve(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest = Vec::new();
    let mut known = absolute.as_path();
    loop {
        if let Ok(mut resolved) = known.canonicalize() {
            resolved.extend(rest.iter().rev());
            return resolved;
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                known = parent;
            }
            _ => return absolute,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_names_and_paths() {
        let globs = |glob: &str| Filter::new(None, &[glob.to_owned()], None).unwrap_or_default();
        let matches = |glob: &str, path: &str| globs(glob).skips(Path::new("/srv/app"), Path::new(path)).is_some();
        assert!(matches("*_pb2.py", "/srv/app/a/x_pb2.py"));
        assert!(matches("a/*.py", "/srv/app/a/x.py"));
        assert!(matches("**/gen/*.py", "/srv/app/a/gen/x.py"));
        assert!(matches("/srv/app/a/x.py", "/srv/app/a/x.py"));
        assert!(!matches("a/*.py", "/srv/app/a/b/x.py"));
        assert!(!matches("a", "/srv/app/a/b/x.py"));
        assert!(globs("vendor/").excludes_folder(Path::new("."), Path::new("./src/vendor")));
        assert!(Filter::new(None, &["[".to_owned()], None).is_err());
    }
}
